"""The half of the quality set that nothing was tuned on: recordings, and questions with and without answers.

Every recording has a file name, what is said in it, a line every few seconds, and what is written on its pictures.
The other half, which search was made with, is `search_set`.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Recording:
    """What is said, a line after the other, and what is on screen while the line of that number is said."""

    said: tuple[str, ...]
    screen: dict[int, str]


RECORDINGS: dict[str, Recording] = {
    "20220611_SophieGraduation": Recording(
        (
            "Please welcome the class of twenty twenty two",
            "She was the first in our family to finish university",
            "Throw your hats in the air on three",
            "Grandpa drove six hours through the rain to be here",
        ),
        {0: "COMMENCEMENT CEREMONY", 2: "Faculty of Veterinary Medicine"},
    ),
    "kitchen-renovation-week3": Recording(
        (
            "The plumber says the pipe behind the sink has rusted through",
            "We picked the blue tiles after all",
            "Mind the wet plaster when you come in",
        ),
        {0: "DANGER 230V DISCONNECT BEFORE SERVICING", 1: "Tile adhesive, open time 20 minutes"},
    ),
    "Econ101 Lecture 8 - Inflation": Recording(
        (
            "Prices rise when too much money chases too few goods",
            "The central bank raised interest rates nine times that year",
            "Your midterm covers chapters one through five",
            "Hyperinflation in Hungary doubled prices every fifteen hours",
        ),
        {
            0: "What is a consumer price index?",
            1: "Phillips curve 1960-2020",
            3: "Recommended reading: Mankiw ch. 30",
        },
    ),
    "DJI_0042_cornwallCoast": Recording(
        ("There are seals down on the rocks", "The wind is picking up, bring the drone back"),
        {0: "Low battery, return to home", 1: "Minack Theatre"},
    ),
    "standup-2023-02-14-payments": Recording(
        (
            "The checkout times out for customers in Brazil",
            "I will write the postmortem before lunch",
            "Can somebody review my pull request about refunds",
        ),
        {0: "Error 504 gateway timeout", 1: "Incident timeline", 2: "Sprint 17 burndown"},
    ),
    "TommysSwimmingBadge": Recording(
        ("He dived for the ring all by himself", "Twenty five metres without touching the side"),
        {0: "No running, no diving in the shallow end"},
    ),
    "pythonTutorial_decorators": Recording(
        (
            "A decorator is a function that takes a function and gives one back",
            "Always wrap it so that the docstring survives",
            "Next time we look at generators",
        ),
        {0: "functools.wraps", 1: "TypeError: missing 1 required positional argument", 2: "Subscribe for more"},
    ),
    "Hike to Trolltunga": Recording(
        ("Eleven hours and my knees are killing me", "Nobody else up here but a reindeer"),
        {0: "Trolltunga 11 km", 1: "Red Cross emergency shelter"},
    ),
    "vet_visit_Biscuit": Recording(
        ("The puppy swallowed a sock", "He needs drops in both ears twice a day"),
        {1: "Otitis externa, 5 drops"},
    ),
    "council-hearing-cycle-lanes": Recording(
        (
            "The petition for a bike lane has four thousand signatures",
            "Shopkeepers fear that deliveries will be impossible",
            "The motion is carried with seven votes to two",
        ),
        {0: "Agenda item 4: Station Road", 2: "Public comment closes 31 May"},
    ),
    "上海出差2021": Recording(("我们坐高铁去上海", "明天上午九点开会", "外滩的夜景真漂亮"), {1: "季度销售报告"}),
    "夏祭り花火": Recording(("花火が始まりますよ", "浴衣がとても似合っています"), {0: "立入禁止"}),
    "Weihnachten bei Oma": Recording(
        ("Die Plätzchen sind schon wieder alle", "Wir singen noch Stille Nacht zusammen"),
        {0: "Fröhliche Weihnachten"},
    ),
    "cumpleaños de la abuela": Recording(
        ("Que sople las velas la abuela", "Mañana nos vamos a la playa"), {0: "Feliz cumpleaños"}
    ),
}

TITLE = {
    "sophie graduation": "20220611_SophieGraduation",
    "june 2022": "20220611_SophieGraduation",
    "renovating the kitchen": "kitchen-renovation-week3",
    "lecture on inflation": "Econ101 Lecture 8 - Inflation",
    "cornwall coast": "DJI_0042_cornwallCoast",
    "standup payments": "standup-2023-02-14-payments",
    "february 2023": "standup-2023-02-14-payments",
    "tommy swimming": "TommysSwimmingBadge",
    "python decorators tutorial": "pythonTutorial_decorators",
    "trolltunga hike": "Hike to Trolltunga",
    "biscuit at the vet": "vet_visit_Biscuit",
    "hearing about cycle lanes": "council-hearing-cycle-lanes",
    "上海出差": "上海出差2021",
    "夏祭り": "夏祭り花火",
    "weihnachten oma": "Weihnachten bei Oma",
    "cumpleanos abuela": "cumpleaños de la abuela",
}

SAID: dict[str, tuple[str, int]] = {
    "throw hats in the air": ("20220611_SophieGraduation", 2),
    "first in the family to finish university": ("20220611_SophieGraduation", 1),
    "grandpa driving through rain": ("20220611_SophieGraduation", 3),
    "rusted pipe behind the sink": ("kitchen-renovation-week3", 0),
    '"blue tiles"': ("kitchen-renovation-week3", 1),
    "wet plaster": ("kitchen-renovation-week3", 2),
    "central bank raising interest rates": ("Econ101 Lecture 8 - Inflation", 1),
    "hyperinflation hungary": ("Econ101 Lecture 8 - Inflation", 3),
    "what chapters does the midterm cover": ("Econ101 Lecture 8 - Inflation", 2),
    "seals on the rocks": ("DJI_0042_cornwallCoast", 0),
    "checkout timing out in brazil": ("standup-2023-02-14-payments", 0),
    "review my pull request": ("standup-2023-02-14-payments", 2),
    "dived for the ring": ("TommysSwimmingBadge", 0),
    "docstrings survive": ("pythonTutorial_decorators", 1),
    "knees are killing me": ("Hike to Trolltunga", 0),
    "reindeers": ("Hike to Trolltunga", 1),
    "swallowed a sock": ("vet_visit_Biscuit", 0),
    "petition with thousands of signatures": ("council-hearing-cycle-lanes", 0),
    "motion carried": ("council-hearing-cycle-lanes", 2),
    "高铁": ("上海出差2021", 0),
    "外滩夜景": ("上海出差2021", 2),
    "浴衣": ("夏祭り花火", 1),
    "stille nacht": ("Weihnachten bei Oma", 1),
    "manana playa": ("cumpleaños de la abuela", 1),
}

SCREEN: dict[str, tuple[str, int]] = {
    "commencement ceremony": ("20220611_SophieGraduation", 0),
    "faculty of veterinary medicine": ("20220611_SophieGraduation", 2),
    "danger 230v": ("kitchen-renovation-week3", 0),
    "tile adhesive": ("kitchen-renovation-week3", 1),
    "consumer price index": ("Econ101 Lecture 8 - Inflation", 0),
    "phillips curves": ("Econ101 Lecture 8 - Inflation", 1),
    "mankiw": ("Econ101 Lecture 8 - Inflation", 3),
    "low battery": ("DJI_0042_cornwallCoast", 0),
    '"minack theatre"': ("DJI_0042_cornwallCoast", 1),
    "504 gateway": ("standup-2023-02-14-payments", 0),
    "burndown": ("standup-2023-02-14-payments", 2),
    "no diving in the shallow end": ("TommysSwimmingBadge", 0),
    "functools.wraps": ("pythonTutorial_decorators", 0),
    "missing positional argument": ("pythonTutorial_decorators", 1),
    "emergency shelter": ("Hike to Trolltunga", 1),
    "otitis externa": ("vet_visit_Biscuit", 1),
    "agenda station road": ("council-hearing-cycle-lanes", 0),
    "季度销售": ("上海出差2021", 1),
    "立入禁止": ("夏祭り花火", 0),
    "feliz cumpleanos": ("cumpleaños de la abuela", 0),
}

SHOWN = {
    "a bike leaning on a wall": "bikes",
    "someone cycling": "bikes",
    "a tandem bicycle": "bikes",
    "a man wearing a bow tie": "carphone_pristine",
    "a wild rabbit": "bigbuckbunny",
    "a bunny": "bigbuckbunny",
}
"""Texts about pictures of the demo library's clips."""

NOTHING: dict[str, tuple[str, ...]] = {
    "pictures": (
        "a penguin colony",
        "a wedding cake with a giraffe",
        "submarine periscope",
        "horse dressage",
        "pottery wheel",
        "hot air balloon landing",
        "a piano recital",
        "a snowman with a carrot nose",
        "ice hockey fight",
        "beehive inspection",
        "a lion in the savannah",
        "sunset over the ocean",
        "a bowl of strawberries",
        "an ambulance with blue lights",
        "a violin",
        "a jellyfish",
        "a castle on a hill",
        "pizza in the oven",
        "a snake in the sand",
        "a baby elephant",
    ),
    "speech": (
        "the mayor's resignation",
        '"happy new year"',
        '"blow the candles out"',
        "quarterly dividend announcement",
        "parrot speaking Spanish",
        "tell me about your dissertation",
        "he proposed to her in Venice",
        "the flight to Toronto is delayed",
        "how to prune tomatoes",
        "grandma's recipe for goulash",
        "why the dinosaurs died out",
        "the referee blew the whistle",
        '"to be or not to be"',
        "said:photosynthesis said:guitar",
        "said:umbrella",
        "our landlord wants more rent",
        "the password is swordfish",
        "allergic to peanuts",
        "thank you for your service",
        "my first day at school",
    ),
    "screen": (
        "screen:confidential",
        "out of memory",
        "blue screen of death",
        "boarding pass gate B12",
        "no smoking",
        "parental advisory",
        "invoice 2291",
        "keyboard not found",
        "wifi password",
        "speed limit 50",
        '"the end"',
        "emergency brake",
        "mind the gap",
        "please wait while loading",
        "screen:passport",
        "404 page not found",
        "lottery numbers",
        "table of contents",
        "organic chemistry exam",
        "copyright 1987",
    ),
    "titles": (
        "honeymoon maldives",
        "title:skiing",
        "choir concert 2016",
        "IMG_4711",
        "house viewing garden street",
        "job interview recording",
        "baptism of Leo",
        "robotics club",
        "dentist appointment",
        "parkour",
        "school play macbeth",
        "company retreat",
        "birth of the twins",
        "moving to Berlin",
        "cooking with Ahmed",
        "title:zumba",
        "soccer final",
        "yoga class",
        "GOPR1234",
        "retirement party",
    ),
    "other languages": (
        "大阪城",
        "東京タワー",
        "北海道の雪",
        "生日快乐",
        "地铁站",
        "熊猫",
        "Weihnachtsmarkt Nürnberg",
        "Hochzeit am See",
        "recette de crêpes",
        "le chat dort",
        "partido de fútbol",
        "чёрная кошка",
    ),
}
"""Questions without an answer, by what would have to answer them."""
