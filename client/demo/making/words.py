"""How an officer of each language writes a count into a text."""

ONE_OR_MANY = {
    "trafficked_persons_assisted": ("possible victim of trafficking assisted", "possible victims of trafficking assisted"),
    "search_warrants_executed": ("search warrant executed", "search warrants executed"),
    "suspects_identified": ("suspect identified", "suspects identified"),
    "arrests": ("arrest made", "arrests made"),
    "investigations_opened": ("investigation opened", "investigations opened"),
    "international_enquiries": ("enquiry sent abroad", "enquiries sent abroad"),
    "awareness_activities": ("activity held", "activities held"),
    "training_sessions": ("session held", "sessions held"),
    "officers_trained": ("officer trained", "officers trained"),
}

PHRASES = {
    "id": {
        "trafficked_persons_assisted": "{n} orang yang diduga korban perdagangan orang telah dibantu",
        "search_warrants_executed": "{n} surat perintah penggeledahan dilaksanakan",
        "suspects_identified": "{n} tersangka teridentifikasi",
        "arrests": "{n} orang ditangkap",
        "investigations_opened": "{n} penyidikan dibuka",
        "international_enquiries": "{n} permintaan informasi dikirim ke negara lain",
        "awareness_activities": "{n} kegiatan penyuluhan dilaksanakan",
    },
    "ms": {
        "trafficked_persons_assisted": "{n} orang yang disyaki mangsa pemerdagangan telah dibantu",
        "search_warrants_executed": "{n} waran geledah dilaksanakan",
        "suspects_identified": "{n} suspek dikenal pasti",
        "arrests": "{n} orang ditangkap",
        "investigations_opened": "{n} kertas siasatan dibuka",
        "international_enquiries": "{n} pertanyaan dihantar kepada negara lain",
        "awareness_activities": "{n} program kesedaran diadakan",
    },
    "fil": {
        "trafficked_persons_assisted": "{n} posibleng biktima ng trafficking ang natulungan",
        "search_warrants_executed": "{n} search warrant ang naipatupad",
        "suspects_identified": "{n} suspek ang natukoy",
        "arrests": "{n} katao ang naaresto",
        "investigations_opened": "{n} imbestigasyon ang binuksan",
        "international_enquiries": "{n} pagtatanong ang ipinadala sa ibang bansa",
        "awareness_activities": "{n} aktibidad ang naidaos",
    },
    "th": {
        "trafficked_persons_assisted": "ให้ความช่วยเหลือผู้ที่อาจเป็นผู้เสียหายจากการค้ามนุษย์ {n} คน",
        "search_warrants_executed": "เข้าตรวจค้นตามหมายค้น {n} หมาย",
        "suspects_identified": "ระบุตัวผู้ต้องสงสัยได้ {n} คน",
        "arrests": "จับกุม {n} คน",
        "investigations_opened": "เริ่มการสืบสวนสอบสวน {n} คดี",
        "international_enquiries": "ส่งคำขอข้อมูลไปต่างประเทศ {n} เรื่อง",
        "training_sessions": "จัดการอบรม {n} ครั้ง",
        "officers_trained": "เจ้าหน้าที่เข้าอบรม {n} นาย",
    },
    "si": {
        "awareness_activities": "දැනුවත් කිරීමේ වැඩසටහන් {n}ක් පවත්වන ලදී",
        "training_sessions": "පුහුණු සැසි {n}ක් පවත්වන ලදී",
        "officers_trained": "නිලධාරීන් {n} දෙනෙකු පුහුණු කරන ලදී",
    },
    "ta": {
        "awareness_activities": "விழிப்புணர்வு நிகழ்ச்சிகள் நடத்தப்பட்டன: {n}",
    },
}


def counted(language: str, counts: dict[str, int]) -> str:
    """The counts in words, as a sentence."""
    if language == "en":
        said = [f"{n} {ONE_OR_MANY[indicator][n != 1]}" for indicator, n in counts.items()]
    else:
        said = [PHRASES[language][indicator].format(n=n) for indicator, n in counts.items()]
    return " ".join(said) if language == "th" else "; ".join(said) + "."
