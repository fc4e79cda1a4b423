"""Invented people: those whom the demonstration knows by name, and a supply of names for all others.

Names are put together from lists. A combination may by chance be somebody's name; it is nobody in particular.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Final

from memberships.organisations.vocabulary import Term
from portal.search.folding import fold

# fmt: off
# Named by what is done, not by who does it: the same in every gender, in every language.
TITLES: Final[tuple[Term, ...]] = (
    Term("director", "Director", "Direction", "Dirección", "الإدارة العامة"),
    Term("deputy-director", "Deputy director", "Direction adjointe", "Subdirección", "نيابة الإدارة"),
    Term("board", "Chair of the board", "Présidence du conseil", "Presidencia de la junta", "رئاسة مجلس الإدارة"),
    Term("programme-lead", "Programme lead", "Responsable de programme", "Responsable de programas", "إدارة البرامج"),
    Term("legal-officer", "Legal officer", "Affaires juridiques", "Asuntos jurídicos", "الشؤون القانونية"),
    Term("monitoring", "Monitoring", "Veille et suivi", "Monitoreo", "الرصد"),
    Term("advocacy", "Advocacy", "Plaidoyer", "Incidencia", "المناصرة"),
    Term("campaigns", "Campaigns", "Campagnes", "Campañas", "الحملات"),
    Term("training", "Training", "Formation", "Capacitación", "التدريب"),
    Term("it-security", "IT and security", "Informatique et sécurité", "Informática y seguridad",
         "تقنية المعلومات والأمن"),
    Term("research", "Research", "Recherche", "Investigación", "البحث"),
    Term("communications", "Communications", "Communication", "Comunicación", "التواصل"),
    Term("editor", "Editing", "Rédaction", "Edición", "التحرير"),
    Term("emergency", "Emergency support", "Aide d’urgence", "Apoyo de emergencia", "الدعم الطارئ"),
    Term("finance", "Finance", "Finances", "Finanzas", "الشؤون المالية"),
    Term("fundraising", "Fundraising", "Recherche de fonds", "Captación de fondos", "جمع التمويل"),
    Term("network", "Network coordination", "Coordination du réseau", "Coordinación de la red", "تنسيق الشبكة"),
    Term("office", "Office management", "Gestion du bureau", "Gestión de oficina", "إدارة المكتب"),
    Term("translation", "Translation", "Traduction", "Traducción", "الترجمة"),
    Term("volunteers", "Volunteer coordination", "Coordination des bénévoles", "Coordinación de voluntariado",
         "تنسيق المتطوعين"),
)
# fmt: on

TITLE_BY_SLUG: Final[dict[str, Term]] = {title.slug: title for title in TITLES}


@dataclass(frozen=True, slots=True)
class SampleAffiliation:
    """Where an invented person works; `roles` as in `people.models.Role`, everyone is staff besides."""

    organisation: str
    """Acronym of a sample organisation."""
    title: str
    """Slug of a title."""
    roles: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class SamplePerson:
    """Somebody whom the demonstration knows by name."""

    name: str
    email: str
    language: str
    """Of the interface."""
    languages: tuple[str, ...]
    affiliations: tuple[SampleAffiliation, ...]
    presence_visible: bool = False


def _person(
    name: str, account: str, languages: str, *affiliations: SampleAffiliation, visible: bool = False
) -> SamplePerson:
    spoken = tuple(languages.split())
    return SamplePerson(name, f"{account}.example.org", spoken[0], spoken, affiliations, visible)


PEOPLE: Final[tuple[SamplePerson, ...]] = (
    _person(
        "Nadia Osei",
        "nadia.osei@spu",
        "en fr",
        SampleAffiliation("SPU", "programme-lead", ("administrator",)),
        SampleAffiliation("SRN", "network", ("delegate",)),
        visible=True,
    ),
    _person(
        "Tomás Rey",
        "tomas.rey@spu",
        "es en",
        SampleAffiliation("SPU", "director", ("administrator", "delegate", "signatory")),
        visible=True,
    ),
    _person(
        "Leïla Haddad",
        "leila.haddad@spu",
        "ar fr",
        SampleAffiliation("SPU", "legal-officer", ("alternate",)),
        visible=True,
    ),
    _person("Olu Adeyemi", "olu.adeyemi@spu", "en", SampleAffiliation("SPU", "monitoring")),
    _person("Inês Duarte", "ines.duarte@spu", "en pt", SampleAffiliation("SPU", "training")),
    _person("Karim Saleh", "karim.saleh@spu", "ar en", SampleAffiliation("SPU", "it-security"), visible=True),
    _person(
        "Ravi Menon",
        "ravi.menon@mrc",
        "en hi",
        SampleAffiliation("MRC", "director", ("administrator", "delegate", "signatory")),
        visible=True,
    ),
    _person(
        "Jeanne Mbarga",
        "jeanne.mbarga@drn",
        "fr en",
        SampleAffiliation("DRN", "director", ("administrator", "delegate", "signatory")),
        visible=True,
    ),
    _person(
        "Mei Tan",
        "mei.tan@sdl",
        "en zh ms",
        SampleAffiliation("SDL", "programme-lead", ("administrator", "delegate", "signatory")),
    ),
    _person(
        "Lucía Ferrer",
        "lucia.ferrer@muestra",
        "es en",
        SampleAffiliation("CM", "emergency", ("administrator", "delegate", "signatory")),
        visible=True,
    ),
)
"""They appear in the demonstration's conversations; nobody else may carry their names."""


@dataclass(frozen=True, slots=True)
class InventedName:
    """A name in Latin letters, as others write it, and in its own script where that is another one."""

    name: str
    native_name: str
    languages: tuple[str, ...]
    """One or two of the languages somebody of that name may well work in; the first fits `native_name`."""
    regions: tuple[str, ...]

    @property
    def account(self) -> str:
        """The part of an address before the @, in plain letters."""
        return fold(self.name).replace(" ", ".")


@dataclass(frozen=True, slots=True)
class _Supply:
    languages: tuple[str, ...]
    regions: tuple[str, ...]
    given: tuple[str, ...]
    family: tuple[str, ...]
    family_first: bool = False


def _listed(text: str) -> tuple[str, ...]:
    return tuple(text.split())


# Written as latin or as latin=own script.
_SUPPLIES: Final[tuple[_Supply, ...]] = (
    _Supply(
        ("ar", "en"),
        ("middle-east-north-africa",),
        _listed(
            "Amal=أمل Basil=باسل Dalal=دلال Fadi=فادي Ghada=غادة Hazem=حازم Ibtisam=ابتسام Jihan=جيهان Lubna=لبنى "
            "Majed=ماجد Nisreen=نسرين Othman=عثمان Rabab=رباب Sami=سامي Thuraya=ثريا Wael=وائل Yasmin=ياسمين "
            "Ziad=زياد"
        ),
        _listed(
            "Al-Attar=العطار Barakat=بركات Darwazah=دروزة Fakhoury=فاخوري Ghandour=غندور Halwani=حلواني Jabbour=جبور "
            "Kanaan=كنعان Labban=لبان Mansouri=منصوري Nakhleh=نخلة Qabbani=قباني Rahhal=رحال Sabbagh=صباغ Tarazi=ترزي "
            "Wakim=واكيم Zurayq=زريق"
        ),
    ),
    _Supply(
        ("fr", "ar"),
        ("middle-east-north-africa",),
        _listed(
            "Anissa=أنيسة Bilel=بلال Chiraz=شيراز Dhia=ضياء Emna=آمنة Faouzi=فوزي Hichem=هشام Ilhem=إلهام Kamel=كمال "
            "Loubna=لبنى Mehdi=مهدي Nawel=نوال Rym=ريم Slim=سليم Wided=وداد"
        ),
        _listed(
            "Belkadi=بلقاضي Chebil=شبيل Dridi=دريدي Ferjani=فرجاني Gharsalli=غرسلي Hamrouni=حمروني Jelassi=جلاصي "
            "Khemiri=خميري Laabidi=العبيدي Mestiri=مستيري Ouerghi=ورغي Rezgui=رزقي Snoussi=سنوسي Zouari=زواري"
        ),
    ),
    _Supply(
        ("en",),
        ("africa",),
        _listed(
            "Abena Chidi Desta Efua Farai Gakuru Ifeoma Jabulani Kofi Lindiwe Makena Nomsa Obinna Rudo Sefu Tariro"
        ),
        _listed(
            "Achieng Boateng Chikwanda Dlomo Ezeani Gyamfi Kariuki Lungu Chirombo Nwankwo Okello Phiri Amponsem Tembo "
            "Wekesa"
        ),
    ),
    _Supply(
        ("fr", "en"),
        ("africa",),
        _listed("Awa Boukary Clarisse Djibril Estelle Fatou Gervais Honorine Issouf Josiane Koffi Marcelline Salif"),
        _listed("Bationo Coulibaly Dembélé Ekambi Tiemtoré Loubaki Mabiala Ngassa Ouédraogo Sawadogo Tchamba Bamogo"),
    ),
    _Supply(
        ("es", "en"),
        ("americas",),
        _listed(
            "Adela Bernardo Camila Darío Elisa Fabián Graciela Hernán Irene Joaquín Lorena Matías Nuria Óscar Pilar "
            "Ramiro Silvia Úrsula"
        ),
        _listed(
            "Arriaga Bustamante Cifuentes Dávalos Echeverri Fuenzalida Galarza Huamán Izaguirre Jaramillo Ledesma "
            "Montalvo Nájera Orellana Peñaloza Quintanilla Saavedra"
        ),
    ),
    _Supply(
        ("pt", "en"),
        ("americas", "africa"),
        _listed("Aurora Bento Clarice Davi Eunice Flávio Helena Jacinto Luísa Otávio Renata Tadeu"),
        _listed("Amaral Bragança Cavaco Esteves Figueira Guimarães Leitão Magalhães Saldanha Peixoto Teles"),
    ),
    _Supply(
        ("en",),
        ("americas", "international", "asia-pacific"),
        _listed("Alison Brendan Claire Duncan Esther Fergus Gwen Hollis Judith Keiran Maeve Niall Rowan Tamsin"),
        _listed(
            "Ashdown Birchall Calloway Drummond Eastley Fairweather Garrick Hollins Lockhart Marwood Penrose Tresco"
        ),
    ),
    _Supply(
        ("en", "hi"),
        ("asia-pacific",),
        _listed("Aditi Bhavesh Charu Deepak Gauri Harish Indira Jayant Kavita Madhav Nalini Pranav Rekha Sunil"),
        _listed("Acharya Bhatnagar Chaudhuri Deshmukh Gokhale Iyer Kulkarni Mathur Pillai Raghavan Subedi Thapaliya"),
    ),
    _Supply(
        ("zh", "en"),
        ("asia-pacific",),
        _listed(
            "Yulan=玉兰 Chunhua=春华 Jiahui=佳慧 Kaiwen=凯文 Lifen=丽芬 Mingzhe=明哲 Qiu=秋 Ruolan=若兰 Shufen=淑芬"
        ),
        _listed("Cai=蔡 Deng=邓 Fan=范 Guan=关 Hong=洪 Lai=赖 Pan=潘 Shen=沈 Tao=陶 Yip=叶"),
        family_first=True,
    ),
    _Supply(
        ("en",),
        ("asia-pacific",),
        _listed("Arunee Bayani Chanthy Dewi Eko Hanh Kanya Ligaya Nimal Putri Rahmat Sopheap Tevita Wattana"),
        _listed("Aquino Bautista Wijethunge Hidayat Kusuma Lestari Manuia Nuon Prasert Santoso Sok Faleafa Wirawan"),
    ),
    _Supply(
        ("ru", "en"),
        ("europe-central-asia",),
        _listed(
            "Aigul=Айгуль Bakyt=Бакыт Darya=Дарья Eldar=Эльдар Galina=Галина Ilya=Илья Kamila=Камила Maksim=Максим "
            "Nurlan=Нурлан Oksana=Оксана Rustam=Рустам Zarina=Зарина"
        ),
        _listed(
            "Abenko=Абенко Baimurat=Баймурат Chernik=Черник Dzhumabay=Джумабай Hrytsak=Грицак Kasymbek=Касымбек "
            "Lysenko=Лысенко Mirzayan=Мирзаян Savchuk=Савчук Tolmach=Толмач Yunus=Юнус"
        ),
    ),
    _Supply(
        ("en", "fr"),
        ("europe-central-asia", "international"),
        _listed(
            "Ana Bojan Csilla Dušan Elif Florin Gülay Henrik Ilse Jovana Katarzyna Lars Miklós Nino Øyvind Petra "
            "Stefan Zeynep"
        ),
        _listed(
            "Aksoy Bergström Dragović Ercan Farkas Gelashvili Hoxhaj Ionescu Jansons Kowalczyk Lindqvist Marušić Petrů "
            "Özdağlı Ristić Szalai Vasile"
        ),
    ),
    _Supply(
        ("fa", "en"),
        ("asia-pacific", "international"),
        _listed("Arash=آرش Behrouz=بهروز Golnar=گلنار Homa=هما Kaveh=کاوه Mahin=مهین Parisa=پریسا Shirin=شیرین"),
        _listed(
            "Bahrami=بهرامی Daneshvar=دانشور Farahani=فراهانی Keshavarz=کشاورز Mokri=مکری Rastegar=رستگار Sepehri=سپهری"
        ),
    ),
)
_RESERVED: Final = frozenset(person.name for person in PEOPLE)


def invented_names(count: int, region: str | None = None) -> list[InventedName]:
    """Return `count` different invented names, always the same ones in the same order.

    With `region` (a slug), only names from lists that belong there. Raises ValueError when there are not so many.
    """
    supplies = [supply for supply in _SUPPLIES if region is None or region in supply.regions]
    found = list(islice(_in_turn([_combined(supply) for supply in supplies]), count))
    if len(found) < count:
        raise ValueError(f"There are only {len(found)} invented names for {region or 'all regions'}, not {count}.")
    return found


def _in_turn(sources: list[Iterator[InventedName]]) -> Iterator[InventedName]:
    while sources:
        for source in list(sources):
            name = next(source, None)
            if name is None:
                sources.remove(source)
            else:
                yield name


def _combined(supply: _Supply) -> Iterator[InventedName]:
    """Every given name with every family name once, no name of either kind twice in a row."""
    for turn in range(len(supply.family)):
        for place, given in enumerate(supply.given):
            family = supply.family[(place + turn + 3) % len(supply.family)]
            name = _invented(supply, given, family)
            if name.name not in _RESERVED:
                yield name


def _invented(supply: _Supply, given: str, family: str) -> InventedName:
    latin_given, _, own_given = given.partition("=")
    latin_family, _, own_family = family.partition("=")
    own = ""
    if own_given and own_family:
        own = f"{own_family}{own_given}" if supply.family_first else f"{own_given} {own_family}"
    latin = f"{latin_family} {latin_given}" if supply.family_first else f"{latin_given} {latin_family}"
    return InventedName(latin, own, supply.languages, supply.regions)
