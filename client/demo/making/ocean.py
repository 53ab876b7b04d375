"""Sketches of the operations of Sri Lanka and the Maldives."""

from client.demo.making.outline import Sketch, Voice, day

SRI_LANKA = (
    Sketch(
        "lk-airport",
        "airport_checks",
        "Arrival and departure checks, Katunayake",
        day(9, 29),
        day(10, 23),
        "enquiries",
        {"suspects_identified": 6, "arrests": 3, "investigations_opened": 1, "international_enquiries": 8},
        8,
        (
            Voice(
                "en",
                "LKKAT",
                (
                    "Transit passengers with two passports each interviewed.",
                    "Visas of one travel agent's customers checked with the issuing missions.",
                    "Boarding passes exchanged in the transit hall noticed on camera.",
                    "Travellers returned from abroad interviewed about who sent them.",
                    "Document unit examined passports with altered bio data pages.",
                ),
                (
                    "Night flights covered; nothing to report.",
                    "Airline liaison officers joined the morning briefing.",
                    "Second examination desk opened in departures.",
                    "Answers of two missions are awaited.",
                    "Roster for the last week agreed.",
                ),
            ),
        ),
        "Boarding passes are swapped in transit; documents come from one workshop.",
        "Cameras in the transit hall, quick questions to missions.",
        "Fourteen officers in three shifts, document unit.",
        hours=(5, 22),
    ),
    Sketch(
        "lk-awareness",
        "awareness",
        "Meetings in coastal districts, Batticaloa and Colombo",
        day(10, 1),
        day(10, 27),
        "awareness",
        {"awareness_activities": 12},
        8,
        (
            Voice(
                "ta",
                "LKBTC",
                (
                    "மட்டக்களப்பில் வெளிநாட்டு வேலை தேடுவோருக்கு விளக்கக் கூட்டம் நடைபெற்றது.",
                    "மீனவர் சங்கங்களுடன் கலந்துரையாடல் நடைபெற்றது.",
                    "பாடசாலை மாணவர்களுக்கு விழிப்புணர்வு நிகழ்ச்சி நடைபெற்றது.",
                ),
                (
                    "துண்டுப் பிரசுரங்கள் விநியோகம் தொடங்கியது.",
                    "அடுத்த நிகழ்ச்சிக்கான ஏற்பாடுகள் நடைபெறுகின்றன.",
                ),
            ),
            Voice(
                "si",
                "LKCMB",
                (
                    "විදේශ රැකියා අපේක්ෂකයින් සඳහා කොළඹ දී වැඩසටහනක් පැවැත්විණි.",
                    "පාසල් සහ ග්‍රාමීය සමිති සමඟ සාකච්ඡා පැවැත්විණි.",
                    "රැකියා නියෝජිතායතන සමඟ රැස්වීමක් පැවැත්විණි.",
                ),
                (
                    "පත්‍රිකා බෙදා හැරීම ආරම්භ විය.",
                    "මීළඟ වැඩසටහන සඳහා සූදානම් වෙමින් පවතී.",
                ),
            ),
        ),
        "People who are offered passage by sea or work abroad.",
        "With fishermen's societies, schools and employment bureaus.",
        "Six officers, local partners.",
        officer=2,
        detail_audience="participants",
    ),
    Sketch(
        "lk-training",
        "training",
        "Course for police and immigration officers, Colombo",
        day(10, 6),
        day(10, 8),
        "trained",
        {"training_sessions": 3, "officers_trained": 126},
        3,
        (
            Voice(
                "si",
                "LKCMB",
                (
                    "ආගමන විගමන නිලධාරීන් සඳහා පුහුණුව පැවැත්විණි.",
                    "පොලිස් නිලධාරීන් සඳහා පුහුණුව පැවැත්විණි.",
                    "ගුවන් තොටුපළ නිලධාරීන් සඳහා පුහුණුව පැවැත්විණි.",
                ),
                (
                    "පුහුණු ලියකියවිලි සූදානම් කර ඇත.",
                    "සහභාගි වූවන්ගේ අදහස් ලබා ගන්නා ලදී.",
                    "මීළඟ සැසිය හෙට පැවැත්වේ.",
                ),
            ),
        ),
        "Three sessions, each for another service.",
        "Cases from the region, in small groups.",
        "Four instructors.",
        hours=(9, 17),
        officer=3,
        detail_audience="participants",
        exact={"training_sessions": (1, 1, 1), "officers_trained": (40, 47, 39)},
    ),
)

MALDIVES = (
    Sketch(
        "mv-labour",
        "labour_inspection",
        "Construction sites and guest houses, Malé",
        day(9, 30),
        day(10, 22),
        "assisted",
        {
            "trafficked_persons_assisted": 7,
            "suspects_identified": 3,
            "arrests": 1,
            "investigations_opened": 1,
            "international_enquiries": 4,
        },
        7,
        (
            Voice(
                "en",
                "MVMLE",
                (
                    "Two construction sites inspected with the labour authority.",
                    "Workers' quarters inspected after a call to the hotline.",
                    "Quota records of one recruiter compared with workers found on site.",
                    "Workers without passports interviewed with interpreters.",
                    "Guest house staff interviewed away from the premises.",
                ),
                (
                    "Five sites visited, papers in order.",
                    "Interpreter found for the interviews on Thursday.",
                    "Ferry to the outer atoll cancelled; visit moved to Sunday.",
                    "Shelter places confirmed with the ministry.",
                ),
            ),
        ),
        "Recruiters bring in more workers than sites employ.",
        "Inspections with the labour authority, interviews with interpreters.",
        "Eight officers, two interpreters.",
        hours=(8, 16),
    ),
    Sketch(
        "mv-awareness",
        "awareness",
        "Talks for employers and island councils",
        day(10, 1),
        day(10, 26),
        "awareness",
        {"awareness_activities": 9},
        6,
        (
            Voice(
                "en",
                "MVMLE",
                (
                    "Talk for resort and construction employers.",
                    "Information hour for foreign workers on their day off.",
                    "Broadcast on national radio with questions from listeners.",
                ),
                (
                    "Posters in five languages put up at the ferry terminals.",
                    "Employers' association sent its members the checklist.",
                ),
            ),
            Voice(
                "en",
                "MVKDP",
                (
                    "Meeting with island councils of the northern atolls.",
                    "Talk at the secondary school.",
                ),
                ("Councils asked for a contact at the hotline; given.",),
            ),
        ),
        "Employers, councils and foreign workers learn the rules and the hotline.",
        "In Malé and in the northern atolls.",
        "Three officers.",
        hours=(9, 18),
        officer=2,
        detail_audience="participants",
    ),
)
