// Makes dist/ from src/ and the packages: one style sheet, htmx with its SSE extension, our script, and a list of their hashes.
import { createHash } from 'node:crypto'
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { compile } from 'sass'

const here = dirname(fileURLToPath(import.meta.url))
const root = join(here, '../../..')
const packages = join(root, 'node_modules')
const dist = join(here, 'dist')
const read = (...path) => readFileSync(join(...path), 'utf8')

// The Ministry's icons are not used, so its addresses for them go: the style sheet names no file at all.
const styles = compile(join(here, 'src/app.scss'), { style: 'compressed', loadPaths: [root], quietDeps: true, charset: false })
  .css.replace(/background-image:\s?url\(\/assets[^)]*\);?/g, '')

const files = {
  'app.css': styles,
  'app.js': read(here, 'src/app.js'),
  'live.js': ['htmx.min.js', 'ext/hx-sse.min.js']
    .map(name => read(packages, 'htmx.org/dist', name).replace(/\n\/\/# sourceMappingURL=.*/, ''))
    .join('\n'),
  'icon.svg': read(here, 'src/icon.svg'),
}

rmSync(dist, { recursive: true, force: true })
mkdirSync(dist)
const versions = {}
for (const [name, text] of Object.entries(files)) {
  writeFileSync(join(dist, name), text)
  versions[name] = createHash('sha256').update(text).digest('hex').slice(0, 12)
}
writeFileSync(join(dist, 'versions.json'), JSON.stringify(versions))
