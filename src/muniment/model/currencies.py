"""Currency codes and their minor units.

Source:
    ISO 4217:2015 list one (currencies and funds in use) and, of list three (withdrawn), the predecessors of the euro
    and the codes replaced since about 2000.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

_TWO_PLACES = """
AED AFN ALL AMD ANG AOA ARS AUD AWG AZN BAM BBD BDT BGN BMD BND BOB BOV BRL BSD BTN BWP BYN BZD CAD CDF CHE CHF CHW CNY
COP COU CRC CUP CVE CZK DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GTQ GYD HKD HNL HTG HUF IDR ILS INR IRR
JMD KES KGS KHR KPW KYD KZT LAK LBP LKR LRD LSL MAD MDL MGA MKD MMK MNT MOP MRU MUR MVR MWK MXN MXV MYR MZN NAD NGN NIO
NOK NPR NZD PAB PEN PGK PHP PKR PLN QAR RON RSD RUB SAR SBD SCR SDG SEK SGD SHP SLE SOS SRD SSP STN SVC SYP SZL THB TJS
TMT TOP TRY TTD TWD TZS UAH USD USN UYU UZS VED VES WST XAD XCD XCG YER ZAR ZMW ZWG
"""
_NO_PLACES = "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF"
_THREE_PLACES = "BHD IQD JOD KWD LYD OMR TND"
_FOUR_PLACES = "CLF UYW"

_WITHDRAWN_TWO_PLACES = """
ATS CYP DEM EEK FIM FRF GRD HRK IEP LTL LVL MTL NLG SIT SKK
AZM BGL BYB BYR CSD CUC GHC MRO MXP MZM PLZ ROL SDD SLL SRG STD TRL USS VEB VEF YUM ZMK ZWD ZWL ZWN ZWR AFA AOR XEU
"""
_WITHDRAWN_NO_PLACES = "BEF ESP ITL LUF PTE ADP MGF TPE TMM"

MINOR_UNITS: Mapping[str, int] = MappingProxyType(
    {
        **dict.fromkeys(_TWO_PLACES.split(), 2),
        **dict.fromkeys(_NO_PLACES.split(), 0),
        **dict.fromkeys(_THREE_PLACES.split(), 3),
        **dict.fromkeys(_FOUR_PLACES.split(), 4),
        **dict.fromkeys(_WITHDRAWN_TWO_PLACES.split(), 2),
        **dict.fromkeys(_WITHDRAWN_NO_PLACES.split(), 0),
    }
)
"""Decimal places of the minor unit, by ISO 4217 code."""

COMMON = ("USD", "EUR", "GBP", "CNY", "JPY", "CHF", "CAD", "AUD", "INR", "HKD", "SGD", "SEK", "KRW", "BRL")
"""Codes that are meant more often than others, for hints."""

SYMBOLS: Mapping[str, str] = MappingProxyType(
    {
        "US$": "USD",
        "A$": "AUD",
        "C$": "CAD",
        "NZ$": "NZD",
        "HK$": "HKD",
        "S$": "SGD",
        "R$": "BRL",
        "NT$": "TWD",
        "$": "USD",
        "＄": "USD",
        "€": "EUR",
        "£": "GBP",
        "¥": "JPY",
        "￥": "CNY",
        "₹": "INR",
        "₩": "KRW",
        "₽": "RUB",
        "₪": "ILS",
        "₫": "VND",
        "₺": "TRY",
        "₴": "UAH",
        "₱": "PHP",
        "฿": "THB",
        "₦": "NGN",
        "元": "CNY",
        "dollars": "USD",
        "dollar": "USD",
        "euros": "EUR",
        "euro": "EUR",
        "pounds": "GBP",
        "yen": "JPY",
        "yuan": "CNY",
        "rmb": "CNY",
        "francs": "CHF",
        "rupees": "INR",
    }
)
"""What people write instead of a code, for hints only; longer symbols stand before the shorter ones they end in."""
