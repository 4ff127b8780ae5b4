"""The forms of English verbs."""

from __future__ import annotations

from functools import lru_cache

from events.extraction.lexicon import lines, words

_IRREGULAR = {
    line.split()[0]: (line.split()[1], line.split()[2])
    for line in """
arise arose arisen|bear bore borne|beat beat beaten|bend bent bent|bet bet bet|bid bid bid|bind bound bound|bite bit bitten|bleed bled bled
blow blew blown|breed bred bred|burst burst burst|cast cast cast|cling clung clung|cost cost cost|creep crept crept|dig dug dug
drink drank drunk|feed fed fed|feel felt felt|flee fled fled|fling flung flung|forbid forbade forbidden|forget forgot forgotten
freeze froze frozen|hide hid hidden|hurt hurt hurt|light lit lit|mean meant meant|mislead misled misled|oversee oversaw overseen
overthrow overthrew overthrown|ride rode ridden|rid rid rid|shake shook shaken|shoot shot shot|sing sang sung|sink sank sunk|sit sat sat
sling slung slung|spread spread spread|spring sprang sprung|steal stole stolen|stick stuck stuck|sting stung stung|sweep swept swept
swing swung swung|teach taught taught|tear tore torn|understand understood understood|understate understated understated|wear wore worn
weave wove woven|sidestep sidestepped sidestepped|leap leapt leapt|lie lay lain|bust busted busted|bet bet bet|swell swelled swollen
be was been|become became become|begin began begun|break broke broken|bring brought brought|build built built
buy bought bought|catch caught caught|choose chose chosen|come came come|cut cut cut|deal dealt dealt|do did done
draw drew drawn|drive drove driven|eat ate eaten|fall fell fallen|fight fought fought|find found found|fly flew flown
get got got|give gave given|go went gone|grow grew grown|hand handed handed|hang hung hung|have had had|hear heard heard
hit hit hit|hold held held|keep kept kept|know knew known|lay laid laid|lead led led|leave left left|lend lent lent
let let let|lose lost lost|make made made|meet met met|overtake overtook overtaken|pay paid paid|put put put|quit quit quit
read read read|ring rang rung|rise rose risen|run ran run|say said said|see saw seen|seek sought sought|sell sold sold
send sent sent|set set set|shed shed shed|ship shipped shipped|show showed shown|shut shut shut|shrink shrank shrunk
slide slid slid|slip slipped slipped|speak spoke spoken|spend spent spent|spin spun spun|split split split|stand stood stood
strike struck struck|swear swore sworn|take took taken|tell told told|think thought thought|throw threw thrown
undertake undertook undertaken|upset upset upset|wind wound wound|withdraw withdrew withdrawn|withhold withheld withheld
win won won|write wrote written|overturn overturned overturned|uphold upheld upheld|bow bowed bowed|cede ceded ceded
forgo forwent forgone|tap tapped tapped|clear cleared cleared|offer offered offered|appear appeared appeared
open opened opened|order ordered ordered|enter entered entered|transfer transferred transferred|deliver delivered delivered
suffer suffered suffered|remember remembered remembered|target targeted targeted|merit merited merited|market marketed marketed
debut debuted debuted|exit exited exited|limit limited limited|credit credited credited|audit audited audited|visit visited visited
benefit benefited benefited|file filed filed|rejoin rejoined rejoined|join joined joined|appoint appointed appointed
rename renamed renamed|reappoint reappointed reappointed|develop developed developed|disclose disclosed disclosed
hive hived hived|sue sued sued|discontinue discontinued discontinued|pursue pursued pursued|rebut rebutted rebutted
""".replace("\n", "|").split("|")
    if line.strip()
}
_VOWELS = "aeiou"


def _doubles(verb: str) -> bool:
    """Whether a verb's last letter is doubled before -ed and -ing: "drop", "axe" not, "admit", "repel"."""
    if len(verb) < 3 or verb[-1] in "wxyaeiouh" or verb[-2] not in _VOWELS or verb[-3] in _VOWELS:
        return False
    vowels = sum(
        1 for i, letter in enumerate(verb) if letter in _VOWELS and (i == 0 or verb[i - 1] not in _VOWELS)
    )
    return vowels == 1 or verb.endswith(("mit", "fer", "bel", "pel", "cel", "vel", "nel", "rel"))


def forms(verb: str) -> dict[str, str]:
    """The forms of a verb and what each is: base, s, past (also the participle, where they are one), participle, ing."""
    stem = verb[:-1] if verb.endswith("e") and not verb.endswith(("ee", "ye", "oe")) else verb
    double = verb + verb[-1] if _doubles(verb) else ""
    third = (
        verb + "es" if verb.endswith(("s", "sh", "ch", "x", "z", "o"))
        else verb[:-1] + "ies" if verb.endswith("y") and verb[-2] not in _VOWELS
        else verb + "s"
    )  # fmt: skip
    regular = (
        verb[:-1] + "ied" if verb.endswith("y") and verb[-2] not in _VOWELS
        else (double or stem) + "ed"
    )  # fmt: skip
    past, participle = _IRREGULAR.get(verb, (regular, regular))
    if verb == "found":  # its base form is what somebody found
        return {"founded": "ed", "founds": "s", "founding": "ing"}
    found = {(double or stem) + "ing": "ing", third: "s", participle: "participle", past: "past"}
    if participle == past:
        found[past] = "ed"
    if verb not in found:
        found[verb] = "base"
    else:
        found[verb] = "any"
    return found


@lru_cache(maxsize=1)
def past_forms() -> frozenset[str]:
    """The past forms of the verbs of both lists: what begins a sentence without a subject ("Swung to a loss")."""
    verbs = set(words("en", "plain_verbs"))
    for line in lines("en", "verbs"):
        verbs.update(
            entry.split()[0].lower()
            for entry in line.partition(" : ")[2].split(" ; ")
            if entry[:1] not in "[{<"
        )
    found = {
        form
        for verb in verbs
        for form, sort in forms(verb).items()
        if sort in ("past", "ed", "participle") and form != verb
    }
    return frozenset(found - {"left", "felt", "bent", "held"})
