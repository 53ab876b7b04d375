// Comfort on top of pages that work without it: steppers, drafts, one send a form, the live timeline.
'use strict'
const all = (selector, root = document) => [...root.querySelectorAll(selector)]
const one = (selector, root = document) => root.querySelector(selector)

// ---- Steppers -------------------------------------------------------------------------------------------------------
document.addEventListener('click', event => {
  const button = event.target.closest('[data-step]')
  if (!button) return
  const field = document.getElementById(button.dataset.for)
  field.value = Math.max(0, (parseInt(field.value, 10) || 0) + Number(button.dataset.step)) || ''
  field.dispatchEvent(new Event('input', { bubbles: true }))
})

// ---- Drafts: kept on this device for this account, gone after success and at sign-out, never for TLP:RED ----------------
const PREFIX = 'draft:'
const keyOf = name => `${PREFIX}${document.body.dataset.account ?? ''}:${name}`
const store = (action, ...rest) => { try { return localStorage[action](...rest) } catch { return null } }
const dropAll = () => Object.keys(localStorage).filter(key => key.startsWith(PREFIX)).forEach(key => store('removeItem', key))
const secret = form => (form.elements.tlp?.value || form.dataset.tlp) === 'RED'

function fieldsOf (form) {
  return [...new FormData(form)].filter(([name, value]) => !['csrf', 'version', 'readers_of'].includes(name) && typeof value === 'string')
}

function fill (form, fields) {
  const boxes = all('input[type=checkbox]', form)
  for (const box of boxes) box.checked = fields.some(([name, value]) => name === box.name && value === box.value)
  for (const [name, value] of fields) {
    const field = form.elements.namedItem(name)
    if (field && !boxes.includes(field) && !(field instanceof RadioNodeList && field[0].type === 'checkbox')) field.value = value
  }
  for (const details of all('details', form)) if (all('input', details).some(field => field.type === 'number' && field.value)) details.open = true
}

for (const form of all('form[data-draft]')) {
  const key = keyOf(form.dataset.draft)
  const back = one('[data-draft-back]', form)
  const fresh = JSON.stringify(fieldsOf(form))
  const kept = store('getItem', key)
  if (secret(form)) store('removeItem', key)
  else if (kept && !('filled' in form.dataset)) {
    try {
      fill(form, JSON.parse(kept))
      if (back) back.hidden = false
    } catch { store('removeItem', key) }
  }
  form.addEventListener('input', () => secret(form) ? store('removeItem', key) : store('setItem', key, JSON.stringify(fieldsOf(form))))
  if (back) one('[data-draft-drop]', back).addEventListener('click', () => {
    store('removeItem', key)
    form.reset()
    fill(form, JSON.parse(fresh))
    form.dispatchEvent(new Event('change'))
    back.hidden = true
  })
}
for (const done of all('[data-draft-done]')) store('removeItem', keyOf(done.dataset.draftDone))
for (const form of all('form[data-sign-out]')) form.addEventListener('submit', dropAll)
if (one('[data-signed-out]')) dropAll()

// ---- Who sees what follows the operation chosen --------------------------------------------------------------------------
for (const select of all('[data-picks-readers]')) {
  const show = () => {
    for (const box of all('[data-readers]', select.form)) box.hidden = box.dataset.readers !== select.value
    select.form.elements.readers_of.value = select.value
  }
  for (const occasion of ['input', 'change']) select.form.addEventListener(occasion, show)
  show()
}

// ---- A form is sent once; coming back to the page makes it ready again ----------------------------------------------------
document.addEventListener('submit', event => {
  const form = event.target
  if (form.method !== 'post') return
  if ('sent' in form.dataset) return event.preventDefault()
  form.dataset.sent = ''
  for (const button of all('button', form)) button.setAttribute('aria-disabled', 'true')
})
addEventListener('pageshow', () => {
  for (const form of all('form[data-sent]')) {
    delete form.dataset.sent
    for (const button of all('button', form)) button.removeAttribute('aria-disabled')
  }
})

// ---- The live timeline: what arrives is shown at once, or held while the reader reads or has paused -------------------------
const source = one('#live-new')
if (source) {
  const list = one('#live')
  const pause = one('[data-live-pause]')
  const show = one('[data-live-show]')
  const state = name => { for (const which of ['on', 'off', 'held']) one(`[data-live-${which}]`).hidden = which !== name }
  let paused = false
  let connected = false
  const tell = () => state(paused ? 'held' : connected ? 'on' : 'off')
  const reading = () => list.scrollTop > 4 || list.getBoundingClientRect().top < 0 || list.matches(':hover, :focus-within')

  function release () {
    for (const item of [...source.children].reverse()) {
      item.classList.add('fresh')
      list.prepend(item)
    }
    for (const old of [...list.children].slice(100)) old.remove()
    list.scrollTop = 0
    one('[data-live-empty]')?.remove()
    count()
  }
  function count () {
    one('[data-live-count]').textContent = source.children.length
    show.hidden = !source.children.length
  }
  source.addEventListener('htmx:sse:after:message', () => {
    for (const item of [...source.children]) {
      const old = all(`[id="${CSS.escape(item.id)}"]`).find(other => other !== item)
      if (old && old.innerHTML !== item.innerHTML) old.replaceChildren(...item.childNodes)
      if (old || 'again' in item.dataset) item.remove()
    }
    paused || reading() ? count() : release()
  })
  source.addEventListener('figures', event => {
    for (const part of new DOMParser().parseFromString(event.detail.data, 'text/html').body.children) {
      const here = document.getElementById(part.id)
      const at = here && here.contains(document.activeElement) ? document.activeElement.getAttribute('href') : null
      if (here && here.innerHTML !== part.innerHTML) here.innerHTML = part.innerHTML
      if (at) one(`[href="${CSS.escape(at)}"]`, here)?.focus()
    }
  })
  source.addEventListener('htmx:sse:after:connection', () => { connected = true; tell() })
  for (const lost of ['htmx:sse:error', 'htmx:sse:close', 'htmx:error', 'htmx:response:error']) {
    source.addEventListener(lost, () => { connected = false; tell() })
  }
  // A first connection that is refused is not tried again by htmx; a later one is.
  for (const refused of ['htmx:error', 'htmx:response:error']) {
    source.addEventListener(refused, () => setTimeout(() => window.htmx.trigger(source, 'again'), 10000))
  }
  show.addEventListener('click', release)
  pause.addEventListener('click', () => {
    paused = !paused
    pause.textContent = paused ? pause.dataset.resume : pause.dataset.pause
    if (!paused) release()
    tell()
  })
}
