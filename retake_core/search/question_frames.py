"""What a question asks for: "when did we talk about money" asks for money, and the rest only frames it.

A frame has a meaning of its own, and draws what is embedded towards all that is about talking.
"""

import regex

_WHO_EN = r"(?:we|i|you|they|he|she|it|one|people|someone|somebody|anyone|anybody|\w+)"
_SPEAK_EN = (
    r"(?:talk(?:ed|ing)?|speak(?:ing)?|spoken?|discuss(?:ed|ing)?|mention(?:ed|ing)?|say(?:ing)?|said|argued?|"
    r"chat(?:ted)?|tell|told|complain(?:ed)?)"
)
_WHO_DE = r"(?:wir|ich|du|sie|er|es|ihr|man|jemand|\w+)"
_FRAMES = tuple(
    regex.compile(pattern, regex.IGNORECASE)
    for pattern in (
        # English
        rf"(?:when|where|in which \w+|why|how often) (?:did|do|does|have|has|had|was|were|is|are) (?:{_WHO_EN} )?"
        rf"(?:last |first |ever |just )?{_SPEAK_EN} "
        r"(?:(?:anything |something )?(?:about|of|on|over) )?(?P<asked>.+)",
        r"(?:when|where|in which \w+) (?:is|was|were|are|did) (?P<asked>.+) "
        r"(?:mentioned|discussed|talked about|spoken of|come up|came up)",
        rf"what (?:did|do|does|was|is|has|have) (?:{_WHO_EN} )?(?:{_SPEAK_EN}) about (?P<asked>.+)",
        rf"who (?:{_SPEAK_EN}|talks|speaks|mentions|says) "
        r"(?:(?:anything |something )?(?:about|of) )?(?P<asked>.+)",
        rf"(?:(?:find |show me |show )?(?:the )?(?:part|moment|scene|place|conversation|discussion|talk) )"
        rf"(?:(?:where|when|in which) {_WHO_EN} (?:{_SPEAK_EN} )?)?about (?P<asked>.+)",
        # German
        rf"(?:wann|wo|warum|in welchem \w+) (?:haben|hat|habe|hast|habt|wurde|wird|war) (?:{_WHO_DE} )??"
        r"(?:zuletzt |mal |schon )?(?:über|von) (?P<asked>.+) "
        r"(?:gesprochen|geredet|diskutiert|erzählt|gestritten|die Rede)",
        rf"(?:wann|wo|in welchem \w+) (?:sprechen|reden|spricht|redet|sprachen|redeten) {_WHO_DE} "
        r"(?:über|von) (?P<asked>.+)",
        r"(?:wann|wo|in welchem \w+) (?:haben|hat|wurden?|wird|werden) (?:(?:wir|ich|sie|er|ihr|man|jemand) )?"
        r"(?P<asked>.+) (?:erwähnt|besprochen|diskutiert)",
        rf"was (?:haben|hat|habe|wurde|wird) (?:{_WHO_DE} )?(?:über|zu|von) (?P<asked>.+) gesagt",
        # French
        r"(?:quand|où|pourquoi) (?:est-ce qu[e'’] ?)?(?:a-t-on|avons-nous|ont-(?:ils|elles)|a-t-(?:il|elle)|"
        r"(?:on|il|elle) a|nous avons|(?:ils|elles) ont|parle-t-on|parlons-nous)(?: parlé| discuté)? "
        r"(?:de la |de l['’]|du |des |de |d['’])(?P<asked>.+)",
        # Spanish
        r"(?:cuándo|cuando|dónde|donde|por qué) (?:hablamos|hablaron|hablé|habló|hablan|se habla|se habló|hemos "
        r"hablado|han hablado|discutimos|mencionamos) (?:acerca de |sobre |del? )?(?P<asked>.+)",
        # Chinese
        r"(?:我们|他们|她们|大家|咱们|我|谁)?(?:是|都)?(?:在)?(?:什么时候|何时|哪里|哪儿|哪个视频里?|哪段视频里?)"
        r"(?:我们|他们|大家)?(?:谈论|讨论|谈|聊|说|提|讲)(?:到|起|过|了)*(?:关于)?(?P<asked>.+?)"
        r"(?:的(?:事情?|问题|话题|内容)?)?(?:吗|呢)?",
        r"关于(?P<asked>.+?)的?(?:谈话|对话|讨论|聊天|话题|内容)",
        # Japanese
        r"(?:いつ|どこで)?(?P<asked>.+?)(?:について|のことを|に関して)(?:は)?(?:いつ|どこで)?"
        r"(?:話し|議論し|言及し|言っ)\w*",
    )
)
_WHITE = regex.compile(r"\s+")
_ENDS = " ?？¿!！.。…"


def asked_for(question: str) -> str:
    """Return what a question is about, or all of it where nothing frames it."""
    words = _WHITE.sub(" ", question).strip(_ENDS)
    for frame in _FRAMES:
        match = frame.fullmatch(words)
        if match is not None and any(sign.isalpha() for sign in match["asked"]):
            return str(match["asked"]).strip(_ENDS)
    return question
