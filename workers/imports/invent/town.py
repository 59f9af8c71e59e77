"""The invented municipality itself: its departments, sites, stocks, and the names from which people are made up."""

from __future__ import annotations

from typing import Final

TOWN: Final = "Plassendam"
TITLE: Final = "Gemeente Plassendam naar de nieuwe aanbieder"
MAIL_DOMAIN: Final = "plassendam.example"
POSTCODE: Final = 5390

DEPARTMENTS: Final = {
    "burgerzaken": 9,
    "sociaal domein": 14,
    "jeugd en onderwijs": 7,
    "vergunningen": 7,
    "ruimtelijke ordening": 6,
    "groenbeheer": 9,
    "wegen en riolering": 9,
    "handhaving": 8,
    "belastingen": 5,
    "financiën": 5,
    "personeel en organisatie": 4,
    "informatievoorziening": 7,
    "facilitair": 6,
    "communicatie en griffie": 4,
}
"""Departments by size, in percent."""

SITES: Final = {"stadhuis": 30, "stadskantoor": 23, "gemeentewerf": 20, "wijkhuis noord": 15, "sporthal zuid": 12}
"""Sites by size, in percent, the largest first."""

HOMES: Final = {
    "burgerzaken": "stadhuis",
    "sociaal domein": "stadskantoor",
    "jeugd en onderwijs": "sporthal zuid",
    "vergunningen": "stadskantoor",
    "ruimtelijke ordening": "stadskantoor",
    "groenbeheer": "gemeentewerf",
    "wegen en riolering": "gemeentewerf",
    "handhaving": "wijkhuis noord",
    "belastingen": "stadhuis",
    "financiën": "stadhuis",
    "personeel en organisatie": "stadhuis",
    "informatievoorziening": "stadhuis",
    "facilitair": "sporthal zuid",
    "communicatie en griffie": "wijkhuis noord",
}
"""The site where most of a department works."""

STOCKS: Final = {
    "stadhuis": "K-stadhuis",
    "stadskantoor": "K-stadhuis",
    "gemeentewerf": "K-gemeentewerf",
    "wijkhuis noord": "K-wijkhuis-noord",
    "sporthal zuid": "K-gemeentewerf",
}
"""The stock from which each site is served."""

FACILITY: Final = "facilitair"
PUBLIC: Final = frozenset({"burgerzaken", "sociaal domein", "belastingen", "handhaving", "jeugd en onderwijs"})
"""Departments with desks at which the public comes, and so with desk alarms."""
ON_DUTY: Final = frozenset({"groenbeheer", "wegen en riolering", "informatievoorziening", "facilitair", "handhaving"})
"""Departments that are on call outside working hours."""

# fmt: off
FIRST_NAMES: Final = (
    "Aafke", "Abel", "Aylin", "Bas", "Bente", "Carmen", "Casper", "Daan", "Dewi", "Douwe", "Elif", "Emre", "Esmee",
    "Fatima", "Femke", "Floris", "Giel", "Hajar", "Hidde", "Ilse", "Imran", "Iris", "Jelle", "Jolijn", "Karim", "Kees",
    "Lieke", "Loes", "Marit", "Mehmet", "Naomi", "Niels", "Nour", "Olaf", "Pien", "Quinten", "Roos", "Samira", "Sjoerd",
    "Tess", "Thijs", "Umar", "Vera", "Wessel", "Wies", "Xander", "Yara", "Yusuf", "Zeynep", "Zoë",
)
LAST_NAMES: Final = (
    "van Achterberg", "Bakhuizen", "Beukelaar", "van den Boomgaard", "Canters", "Demirkaya", "van Dijkgraaf",
    "Doornenbos", "Eikelhof", "El Amrani", "Fokkinga", "van Gaasterveld", "Graanoogst", "Haverkate", "ter Heide",
    "Hoefnagel", "IJsselstroom", "Jurrema", "Kaasjager", "Kerkdijk", "Lammertink", "van der Linde", "Maasbree",
    "Molenbeek", "Nachtegaal", "Oosterling", "Özkanlı", "Paardekoper", "Pannekoek", "Quispelaar", "Rietveldt",
    "Roggeveen", "van Schoonhorst", "Stuivenga", "Tichelaar", "Turfboer", "Uiterwaard", "Veenhuizen", "de Vletter",
    "Waterink", "Wiersinga", "Zandvliet", "Zevenbergh", "Zuiderduin",
)
STREETS: Final = (
    "Aalbesstraat", "Bokkingsteeg", "Dotterlaan", "Elzenkade", "Fuutstraat", "Grutterij", "Hooilaan", "Iepenhof",
    "Kaardebol", "Lisdodde", "Meerkoetlaan", "Otterpad", "Pimpernel", "Reigerstraat", "Snoekplein", "Turfkade",
    "Vlierhof", "Waterscheerling", "Zeggelaan",
)
# fmt: on
