"""Invented organisations."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from memberships.organisations.vocabulary import AllianceTerm


@dataclass(frozen=True, slots=True)
class SampleContact:
    """One way to reach an invented organisation; `kind` and `audience` as in `models.Contact`."""

    kind: str
    value: str
    audience: str = "network"


@dataclass(frozen=True, slots=True)
class SampleOrganisation:
    """An invented organisation. Years are calendar years; what `descriptions` lacks is meant to be missing."""

    name: str
    acronym: str
    domain: str
    """First label of its address below example.org; also good as a slug."""
    region: str
    city: str
    languages: tuple[str, ...]
    subjects: tuple[str, ...]
    founded_year: int
    descriptions: Mapping[str, str]
    native_name: str = ""
    native_language: str = ""
    other_names: Mapping[str, str] = field(default_factory=dict)
    """Its name in further languages."""
    standing: str = "full"
    joined_year: int | None = None
    at_risk: bool = False
    contacts: tuple[SampleContact, ...] = ()

    @property
    def website(self) -> str:
        """Its address on the web, which leads nowhere."""
        return f"https://{self.domain}.example.org"


SAMPLE_ALLIANCE: Final = AllianceTerm(
    "sample-regional-network",
    "Sample Regional Network",
    "Réseau régional exemple",
    "Red Regional de Muestra",
    "الشبكة الإقليمية النموذجية",
    acronym="SRN",
)
"""An invented alliance; the organisation of the same name is its office."""

ORGANISATIONS: Final[tuple[SampleOrganisation, ...]] = (
    SampleOrganisation(
        name="Sample Press Union",
        acronym="SPU",
        domain="spu",
        native_name="اتحاد الصحافة النموذجي",
        native_language="ar",
        other_names={"fr": "Union de la presse exemple", "es": "Unión de Prensa de Muestra"},
        region="africa",
        city="Sampleville",
        languages=("en", "fr", "ar"),
        subjects=("press-freedom", "safety-of-journalists", "legal-aid"),
        founded_year=1998,
        joined_year=2009,
        descriptions={
            "en": "A union of 640 reporters, editors and camera crews. It runs a round-the-clock line for colleagues "
            "under threat, pays for first legal representation, and trains court reporters in three languages.",
            "fr": "Un syndicat de 640 reporters, rédacteurs et équipes de tournage. Il tient jour et nuit une ligne "
            "d’appel pour les collègues menacés, prend en charge la première assistance juridique et forme des "
            "chroniqueurs judiciaires en trois langues.",
            "ar": "اتحاد يضم 640 مراسلا ومحررا ومصورا. يدير خطا هاتفيا على مدار الساعة للزملاء المهددين، ويتكفل بأول "
            "تمثيل قانوني، ويدرّب مراسلي المحاكم بثلاث لغات.",
        },
        contacts=(
            SampleContact("email", "office@spu.example.org"),
            SampleContact("email", "duty-line@spu.example.org", "secretariat"),
            SampleContact("phone", "+44 20 7946 0101"),
            SampleContact("address", "1 Sample Square, Sampleville"),
            SampleContact("signal", "sample_press.01", "secretariat"),
            SampleContact("pgp", "0123 4567 89AB CDEF 0123 4567 89AB CDEF 0123 4567", "network"),
            SampleContact("mastodon", "https://social.example.org/@spu"),
        ),
    ),
    SampleOrganisation(
        name="Demo Radio Network",
        acronym="DRN",
        domain="drn",
        native_name="Réseau radio démo",
        native_language="fr",
        region="africa",
        city="Démoville",
        languages=("fr", "en"),
        subjects=("community-media", "training", "monitoring", "independent-media"),
        founded_year=2004,
        joined_year=2011,
        descriptions={
            "en": "Twenty-two village radios that share one newsroom. Its volunteers follow hearings in three towns "
            "and turn them into short programmes.",
            "fr": "Vingt-deux radios villageoises qui partagent une seule rédaction. Ses bénévoles suivent les "
            "audiences dans trois villes et en font de courtes émissions.",
        },
        contacts=(
            SampleContact("email", "antenne@drn.example.org"),
            SampleContact("phone", "+44 20 7946 0102", "secretariat"),
            SampleContact("facebook", "https://social.example.org/demo-radio"),
        ),
    ),
    SampleOrganisation(
        name="Example Media Watch",
        acronym="EMW",
        domain="emw",
        native_name="Медианадзор «Пример»",
        native_language="ru",
        region="europe-central-asia",
        city="Exampleburg",
        languages=("en", "ru"),
        subjects=("monitoring", "disinformation", "media-ethics", "source-protection"),
        founded_year=2007,
        joined_year=2012,
        descriptions={
            "en": "Reads forty newspapers a day, so that others need not. Publishes a yearly table of corrections, "
            "printed and not printed.",
            "fr": "Lit quarante journaux par jour pour que d’autres n’aient pas à le faire. Publie chaque année un "
            "tableau des rectificatifs, parus ou non.",
            "es": "Lee cuarenta periódicos al día para que otros no tengan que hacerlo. Publica cada año una tabla de "
            "rectificaciones, publicadas o no.",
        },
        contacts=(
            SampleContact("email", "desk@emw.example.org"),
            SampleContact("telegram", "https://social.example.org/emw", "secretariat"),
        ),
    ),
    SampleOrganisation(
        name="Specimen Writers’ Guild",
        acronym="SWG",
        domain="swg",
        region="international",
        city="Specimen-on-Sea",
        languages=("en", "es", "fr"),
        subjects=("writers-at-risk", "freedom-of-expression", "exile-support", "translation"),
        founded_year=1961,
        joined_year=1997,
        descriptions={
            "en": "A guild of 1,900 invented writers. It keeps four rooms by the sea for colleagues who need to write "
            "somewhere else for a year.",
            "fr": "Une guilde de 1 900 écrivains imaginaires. Elle tient quatre chambres au bord de la mer pour des "
            "confrères qui doivent écrire ailleurs pendant un an.",
            "es": "Un gremio de 1900 escritores imaginarios. Mantiene cuatro habitaciones junto al mar para colegas "
            "que necesitan escribir en otro lugar durante un año.",
            "ar": "رابطة تضم 1900 كاتب من نسج الخيال. تحتفظ بأربع غرف قرب البحر لزملاء يحتاجون إلى الكتابة في مكان آخر "
            "لمدة عام.",
        },
        contacts=(
            SampleContact("email", "guild@swg.example.org"),
            SampleContact("phone", "+44 20 7946 0104"),
            SampleContact("bluesky", "https://social.example.org/swg"),
        ),
    ),
    SampleOrganisation(
        name="Model Rights Centre",
        acronym="MRC",
        domain="mrc",
        native_name="आदर्श अधिकार केंद्र",
        native_language="hi",
        region="asia-pacific",
        city="Modelpur",
        languages=("en", "hi"),
        subjects=("litigation", "human-rights", "legal-aid", "trial-observation"),
        founded_year=1994,
        joined_year=2003,
        descriptions={
            "en": "Nine lawyers and a library. It takes the cases nobody else takes, and writes down afterwards what "
            "it would do differently.",
            "es": "Nueve abogados y una biblioteca. Toma los casos que nadie más toma y después anota qué haría de "
            "otra manera.",
        },
        contacts=(
            SampleContact("email", "chambers@mrc.example.org"),
            SampleContact("phone", "+44 20 7946 0105"),
            SampleContact("signal", "model_rights.01", "secretariat"),
        ),
    ),
    SampleOrganisation(
        name="Specimen Digital Lab",
        acronym="SDL",
        domain="sdl",
        native_name="样本数字实验室",
        native_language="zh",
        region="asia-pacific",
        city="Port Specimen",
        languages=("en", "zh", "ms"),
        subjects=("digital-security", "circumvention", "surveillance", "internet-freedom"),
        founded_year=2013,
        joined_year=2016,
        descriptions={
            "en": "Six engineers who answer the telephone. The lab looks at suspicious files, keeps small websites "
            "alive and teaches both.",
            "fr": "Six ingénieurs qui répondent au téléphone. Le laboratoire examine les fichiers suspects, maintient "
            "en vie de petits sites et enseigne les deux.",
            "ar": "ستة مهندسين يردّون على الهاتف. يفحص المختبر الملفات المشبوهة، ويبقي المواقع الصغيرة عاملة، ويعلّم "
            "الأمرين معا.",
        },
        contacts=(
            SampleContact("email", "help@sdl.example.org"),
            SampleContact("pgp", "FEDC BA98 7654 3210 FEDC BA98 7654 3210 FEDC BA98"),
            SampleContact("mastodon", "https://social.example.org/@sdl"),
        ),
    ),
    SampleOrganisation(
        name="Centro Muestra",
        acronym="CM",
        domain="muestra",
        native_name="Centro Muestra",
        native_language="es",
        region="americas",
        city="Ciudad Muestra",
        languages=("es", "en"),
        subjects=("safety-of-journalists", "emergency-support", "exile-support"),
        founded_year=2001,
        joined_year=2008,
        descriptions={
            "en": "Moves a colleague to a safe city within 72 hours, with visa, bed and internet. The rest of the year "
            "it trains others to do the same.",
            "es": "Traslada a un colega a una ciudad segura en 72 horas, con visa, cama e internet. El resto del año "
            "capacita a otros para hacer lo mismo.",
            "fr": "Met un confrère à l’abri dans une autre ville en 72 heures, avec visa, lit et internet. Le reste de "
            "l’année, le centre forme d’autres à en faire autant.",
            "ar": "ينقل زميلا إلى مدينة آمنة خلال 72 ساعة، مع تأشيرة وسرير وإنترنت. وفي بقية العام يدرّب آخرين على "
            "القيام بالأمر نفسه.",
        },
        contacts=(
            SampleContact("email", "hola@muestra.example.org"),
            SampleContact("phone", "+44 20 7946 0107", "secretariat"),
        ),
    ),
    SampleOrganisation(
        name="Sample Regional Network",
        acronym="SRN",
        domain="srn",
        native_name="الشبكة الإقليمية النموذجية",
        native_language="ar",
        other_names={"fr": "Réseau régional exemple"},
        region="middle-east-north-africa",
        city="Sampleville",
        languages=("ar", "fr", "en"),
        subjects=("regional-solidarity", "advocacy", "un-advocacy"),
        founded_year=2010,
        joined_year=2011,
        descriptions={
            "en": "The office of an invented alliance: three people, one calendar, eleven organisations that agree "
            "more often than they expect.",
            "fr": "Le bureau d’une alliance imaginaire : trois personnes, un calendrier, onze organisations plus "
            "souvent d’accord qu’elles ne le pensent.",
            "ar": "مكتب تحالف من نسج الخيال: ثلاثة أشخاص وتقويم واحد وإحدى عشرة منظمة تتفق أكثر مما تتوقع.",
        },
        contacts=(SampleContact("email", "office@srn.example.org"), SampleContact("phone", "+44 20 7946 0108")),
    ),
    SampleOrganisation(
        name="Placeholder Archive",
        acronym="PlA",
        domain="placeholder",
        native_name="Archiv Platzhalter",
        native_language="de",
        region="europe-central-asia",
        city="Platzhalterstadt",
        languages=("de", "en", "fr"),
        subjects=("archives", "documentation", "access-to-information"),
        founded_year=1989,
        joined_year=2018,
        descriptions={
            "en": "Keeps what others had to leave behind: 14 kilometres of imaginary paper and its first digital "
            "twin. Readers come by appointment.",
            "fr": "Conserve ce que d’autres ont dû laisser : 14 kilomètres de papier imaginaire et son premier jumeau "
            "numérique. Consultation sur rendez-vous.",
        },
        contacts=(
            SampleContact("email", "lesesaal@placeholder.example.org"),
            SampleContact("address", "Beispielweg 4, Platzhalterstadt", "secretariat"),
        ),
    ),
    SampleOrganisation(
        name="Example Safe Haven Press",
        acronym="ESHP",
        domain="eshp",
        native_name="دار المثال الآمنة للصحافة",
        native_language="ar",
        region="middle-east-north-africa",
        city="Example Harbour",
        languages=("ar", "en"),
        subjects=("independent-media", "exile-support", "source-protection"),
        founded_year=2015,
        joined_year=2019,
        at_risk=True,
        descriptions={
            "en": "A small newsroom that moved house four times and never missed an edition. It publishes from "
            "wherever its editors are.",
            "ar": "غرفة أخبار صغيرة انتقلت أربع مرات ولم يفتها عدد واحد. تصدر من حيث يكون محرروها.",
        },
        contacts=(
            SampleContact("email", "desk@eshp.example.org", "secretariat"),
            SampleContact("signal", "safe_haven.01", "secretariat"),
        ),
    ),
    SampleOrganisation(
        name="Mock Trial Observatory",
        acronym="MTO",
        domain="mto",
        native_name="Observatório Simulado de Julgamentos",
        native_language="pt",
        region="africa",
        city="Vila Simulada",
        languages=("pt", "en"),
        subjects=("trial-observation", "impunity", "law-reform"),
        founded_year=2017,
        standing="candidate",
        descriptions={
            "en": "Sends two people with a two-page form to every hearing that matters in an invented country. Its "
            "forms are free to copy.",
        },
        contacts=(SampleContact("email", "bancada@mto.example.org"),),
    ),
    SampleOrganisation(
        name="Dummy Data Desk",
        acronym="3D",
        domain="dummydata",
        region="americas",
        city="Dummytown",
        languages=("en", "pt", "es"),
        subjects=("open-data", "investigative-journalism", "fact-checking"),
        founded_year=2019,
        standing="interim",
        joined_year=2024,
        descriptions={
            "en": "Counts things: contracts, adjournments, potholes. Every table comes with its source and with the "
            "mistakes found in it.",
            "es": "Cuenta cosas: contratos, aplazamientos, baches. Cada tabla viene con su fuente y con los errores "
            "encontrados en ella.",
        },
        contacts=(
            SampleContact("email", "desk@dummydata.example.org"),
            SampleContact("linkedin", "https://social.example.org/dummydata"),
        ),
    ),
    SampleOrganisation(
        name="Fictional Cartoonists’ Circle",
        acronym="",
        domain="cartoonists",
        native_name="Cercle fictif des dessinateurs",
        native_language="fr",
        region="europe-central-asia",
        city="Fictionville",
        languages=("fr", "en"),
        subjects=("cartoonists-at-risk", "artistic-freedom"),
        founded_year=2012,
        standing="partner",
        descriptions={
            "fr": "Un cercle de dessinateurs qui n’existent pas et de dessins qui n’ont jamais paru. Il se réunit "
            "chaque premier lundi du mois.",
        },
        contacts=(SampleContact("email", "crayon@cartoonists.example.org"),),
    ),
    SampleOrganisation(
        name="Test Pattern Community Television",
        acronym="TPCT",
        domain="testpattern",
        native_name="Televisión Comunitaria Carta de Ajuste",
        native_language="es",
        region="americas",
        city="San Ejemplo",
        languages=("es",),
        subjects=("community-media", "broadcasting-policy"),
        founded_year=1986,
        standing="former",
        joined_year=1999,
        descriptions={},
        contacts=(SampleContact("email", "senal@testpattern.example.org", "secretariat"),),
    ),
)

ORGANISATION_BY_ACRONYM: Final[dict[str, SampleOrganisation]] = {
    organisation.acronym: organisation for organisation in ORGANISATIONS if organisation.acronym
}
