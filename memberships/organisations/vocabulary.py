"""The shared words of the directory in four languages: subjects, regions, alliances.

Data only. Subjects and alliances become rows; what the network adds later lives in the
database. The words are those of the profession in each language, not word-for-word
translations: "safety of journalists" and "prisoner of conscience" have fixed forms in
the languages of the United Nations, and so on.
"""

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class Term:
    """A word of the vocabulary with its label in each language of the network."""

    slug: str
    en: str
    fr: str
    es: str
    ar: str

    def label(self, language: str) -> str:
        """Return the label in `language` ("fr", "es-mx"), in English where the network does not speak it."""
        return {"fr": self.fr, "es": self.es, "ar": self.ar}.get(language[:2], self.en)


@dataclass(frozen=True, slots=True)
class RegionTerm(Term):
    """A region as the network uses it."""

    hue: int
    """1 to 6: the ground of its organisations' tiles (class `h1c` to `h6c`)."""


@dataclass(frozen=True, slots=True)
class AllianceTerm(Term):
    """A regional sub-network of organisations. Its labels are its names, translated where it has none of its own."""

    acronym: str


# fmt: off
SUBJECTS: Final[tuple[Term, ...]] = (
    Term("academic-freedom", "Academic freedom", "Liberté académique", "Libertad académica", "الحرية الأكاديمية"),
    Term("access-to-information", "Access to information", "Accès à l’information", "Acceso a la información",
         "الحق في المعلومات"),
    Term("access-to-knowledge", "Access to knowledge", "Accès au savoir", "Acceso al conocimiento",
         "الوصول إلى المعرفة"),
    Term("advocacy", "Advocacy", "Plaidoyer", "Incidencia", "المناصرة"),
    Term("anti-discrimination", "Anti-discrimination", "Lutte contre les discriminations",
         "Lucha contra la discriminación", "مناهضة التمييز"),
    Term("archives", "Archives", "Archives", "Archivos", "الأرشيف"),
    Term("artistic-freedom", "Artistic freedom", "Liberté artistique", "Libertad artística", "الحرية الفنية"),
    Term("broadcasting-policy", "Broadcasting policy", "Politique de l’audiovisuel", "Políticas de radiodifusión",
         "سياسات البث"),
    Term("campaigning", "Campaigning", "Campagnes", "Campañas", "الحملات"),
    Term("cartoonists-at-risk", "Cartoonists at risk", "Dessinateurs de presse en danger", "Caricaturistas en riesgo",
         "رسامو الكاريكاتير المعرضون للخطر"),
    Term("censorship-monitoring", "Censorship monitoring", "Veille sur la censure", "Monitoreo de la censura",
         "رصد الرقابة"),
    Term("childrens-rights", "Children’s rights", "Droits de l’enfant", "Derechos de la infancia", "حقوق الطفل"),
    Term("circumvention", "Censorship circumvention", "Contournement de la censure", "Elusión de la censura",
         "تجاوز الحجب"),
    Term("citizen-media", "Citizen media", "Médias citoyens", "Medios ciudadanos", "إعلام المواطن"),
    Term("community-media", "Community media", "Médias communautaires", "Medios comunitarios", "الإعلام المجتمعي"),
    Term("copyright", "Copyright", "Droit d’auteur", "Derechos de autor", "حقوق المؤلف"),
    Term("democracy", "Democracy", "Démocratie", "Democracia", "الديمقراطية"),
    Term("digital-rights", "Digital rights", "Droits numériques", "Derechos digitales", "الحقوق الرقمية"),
    Term("digital-security", "Digital security", "Sécurité numérique", "Seguridad digital", "الأمن الرقمي"),
    Term("disinformation", "Disinformation", "Désinformation", "Desinformación", "التضليل الإعلامي"),
    Term("documentation", "Documentation of violations", "Documentation des violations",
         "Documentación de violaciones", "توثيق الانتهاكات"),
    Term("elections-coverage", "Elections coverage", "Couverture des élections", "Cobertura electoral",
         "تغطية الانتخابات"),
    Term("emergency-support", "Emergency support", "Aide d’urgence", "Apoyo de emergencia", "الدعم الطارئ"),
    Term("exile-support", "Support in exile", "Soutien en exil", "Apoyo en el exilio", "دعم المنفيين"),
    Term("fact-checking", "Fact-checking", "Vérification des faits", "Verificación de datos", "التحقق من المعلومات"),
    Term("fellowships", "Fellowships", "Bourses et résidences", "Becas y residencias", "برامج الزمالة"),
    Term("freedom-of-assembly", "Freedom of assembly", "Liberté de réunion", "Libertad de reunión", "حرية التجمع"),
    Term("freedom-of-expression", "Freedom of expression", "Liberté d’expression", "Libertad de expresión",
         "حرية التعبير"),
    Term("freedom-to-publish", "Freedom to publish", "Liberté de publier", "Libertad de publicar", "الحق في النشر"),
    Term("gender", "Gender equality", "Égalité de genre", "Igualdad de género", "المساواة بين الجنسين"),
    Term("hate-speech", "Hate speech", "Discours de haine", "Discurso de odio", "خطاب الكراهية"),
    Term("human-rights", "Human rights", "Droits humains", "Derechos humanos", "حقوق الإنسان"),
    Term("human-rights-defenders", "Human rights defenders", "Défenseurs des droits humains",
         "Personas defensoras de derechos humanos", "المدافعون عن حقوق الإنسان"),
    Term("impunity", "Impunity", "Impunité", "Impunidad", "الإفلات من العقاب"),
    Term("independent-media", "Independent media", "Médias indépendants", "Medios independientes", "الإعلام المستقل"),
    Term("intellectual-freedom", "Intellectual freedom", "Liberté intellectuelle", "Libertad intelectual",
         "الحرية الفكرية"),
    Term("intergovernmental-advocacy", "Intergovernmental advocacy", "Plaidoyer intergouvernemental",
         "Incidencia ante organismos intergubernamentales", "المناصرة لدى الهيئات الحكومية الدولية"),
    Term("internet-access", "Internet access", "Accès à internet", "Acceso a internet", "النفاذ إلى الإنترنت"),
    Term("internet-freedom", "Internet freedom", "Liberté d’internet", "Libertad en internet", "حرية الإنترنت"),
    Term("investigative-journalism", "Investigative journalism", "Journalisme d’investigation",
         "Periodismo de investigación", "الصحافة الاستقصائية"),
    Term("labour-rights", "Labour rights", "Droits du travail", "Derechos laborales", "حقوق العمل"),
    Term("law-reform", "Law reform", "Réforme législative", "Reforma legal", "إصلاح القوانين"),
    Term("legal-aid", "Legal aid", "Aide juridique", "Asistencia jurídica", "المساعدة القانونية"),
    Term("libraries", "Libraries", "Bibliothèques", "Bibliotecas", "المكتبات"),
    Term("linguistic-rights", "Linguistic rights", "Droits linguistiques", "Derechos lingüísticos", "الحقوق اللغوية"),
    Term("litigation", "Litigation", "Contentieux", "Litigio", "التقاضي"),
    Term("media-development", "Media development", "Développement des médias", "Desarrollo de medios",
         "تطوير الإعلام"),
    Term("media-ethics", "Media ethics", "Déontologie des médias", "Ética periodística", "أخلاقيات الإعلام"),
    Term("media-literacy", "Media literacy", "Éducation aux médias", "Alfabetización mediática",
         "التربية الإعلامية"),
    Term("media-policy", "Media policy", "Politique des médias", "Políticas de medios", "سياسات الإعلام"),
    Term("media-sustainability", "Media sustainability", "Viabilité des médias", "Sostenibilidad de los medios",
         "استدامة الإعلام"),
    Term("missions", "Missions", "Missions", "Misiones", "البعثات"),
    Term("monitoring", "Monitoring", "Veille et suivi", "Monitoreo", "الرصد"),
    Term("open-data", "Open data", "Données ouvertes", "Datos abiertos", "البيانات المفتوحة"),
    Term("open-government", "Open government", "Gouvernement ouvert", "Gobierno abierto", "الحكومة المفتوحة"),
    Term("peacebuilding", "Peacebuilding", "Consolidation de la paix", "Consolidación de la paz", "بناء السلام"),
    Term("policy-research", "Policy research", "Recherche sur les politiques publiques",
         "Investigación de políticas públicas", "بحوث السياسات"),
    Term("press-freedom", "Press freedom", "Liberté de la presse", "Libertad de prensa", "حرية الصحافة"),
    Term("prisoners-of-conscience", "Prisoners of conscience", "Prisonniers d’opinion", "Presos de conciencia",
         "سجناء الرأي"),
    Term("privacy", "Privacy", "Vie privée", "Privacidad", "الخصوصية"),
    Term("publishing", "Publishing", "Édition", "Edición", "النشر"),
    Term("publishing-freedom", "Publishing freedom", "Liberté d’édition", "Libertad de edición", "حرية النشر"),
    Term("regional-solidarity", "Regional solidarity", "Solidarité régionale", "Solidaridad regional",
         "التضامن الإقليمي"),
    Term("research", "Research", "Recherche", "Investigación", "البحث"),
    Term("right-to-protest", "Right to protest", "Droit de manifester", "Derecho a la protesta", "الحق في الاحتجاج"),
    Term("rights-journalism", "Rights journalism", "Journalisme des droits humains",
         "Periodismo de derechos humanos", "صحافة حقوق الإنسان"),
    Term("safety-of-journalists", "Safety of journalists", "Sécurité des journalistes", "Seguridad de periodistas",
         "سلامة الصحفيين"),
    Term("social-support", "Social support", "Soutien social", "Apoyo social", "الدعم الاجتماعي"),
    Term("solidarity", "Solidarity", "Solidarité", "Solidaridad", "التضامن"),
    Term("source-protection", "Source protection", "Protection des sources", "Protección de las fuentes",
         "حماية المصادر"),
    Term("strategic-litigation", "Strategic litigation", "Contentieux stratégique", "Litigio estratégico",
         "التقاضي الاستراتيجي"),
    Term("surveillance", "Surveillance", "Surveillance", "Vigilancia", "المراقبة"),
    Term("training", "Training", "Formation", "Capacitación", "التدريب"),
    Term("translation", "Translation", "Traduction", "Traducción", "الترجمة"),
    Term("trial-observation", "Trial observation", "Observation de procès", "Observación de juicios",
         "مراقبة المحاكمات"),
    Term("un-advocacy", "UN advocacy", "Plaidoyer auprès de l’ONU", "Incidencia ante la ONU",
         "المناصرة لدى الأمم المتحدة"),
    Term("writers-at-risk", "Writers at risk", "Écrivains en danger", "Escritores en riesgo",
         "الكتّاب المعرضون للخطر"),
)

REGIONS: Final[tuple[RegionTerm, ...]] = (
    RegionTerm("africa", "Africa", "Afrique", "África", "أفريقيا", hue=2),
    RegionTerm("americas", "Americas", "Amériques", "Américas", "الأمريكتان", hue=4),
    RegionTerm("asia-pacific", "Asia & Pacific", "Asie et Pacifique", "Asia y el Pacífico", "آسيا والمحيط الهادئ",
               hue=3),
    RegionTerm("europe-central-asia", "Europe & Central Asia", "Europe et Asie centrale", "Europa y Asia Central",
               "أوروبا وآسيا الوسطى", hue=5),
    RegionTerm("international", "International", "International", "Internacional", "دولية", hue=6),
    RegionTerm("middle-east-north-africa", "Middle East & North Africa", "Moyen-Orient et Afrique du Nord",
               "Oriente Medio y Norte de África", "الشرق الأوسط وشمال أفريقيا", hue=1),
)

ALLIANCES: Final[tuple[AllianceTerm, ...]] = (
    AllianceTerm("afex", "African Freedom of Expression Exchange", "Réseau africain de la liberté d’expression",
                 "Intercambio Africano para la Libertad de Expresión", "الشبكة الأفريقية لتبادل حرية التعبير",
                 acronym="AFEX"),
    AllianceTerm("ifex-alc", "Alliance of IFEX members in Latin America and the Caribbean",
                 "Alliance des membres de l’IFEX en Amérique latine et dans les Caraïbes",
                 "Alianza de miembros de IFEX en América Latina y el Caribe",
                 "تحالف أعضاء آيفكس في أمريكا اللاتينية والكاريبي", acronym="IFEX-ALC"),
)
# fmt: on

SUBJECT_BY_SLUG: Final[dict[str, Term]] = {term.slug: term for term in SUBJECTS}
REGION_BY_SLUG: Final[dict[str, RegionTerm]] = {term.slug: term for term in REGIONS}
ALLIANCE_BY_ACRONYM: Final[dict[str, AllianceTerm]] = {term.acronym: term for term in ALLIANCES}
"""As the files of members write them."""
