"""Where the directory is."""

from django.urls import include, path

from memberships.directory.views import exports, organisations, people

app_name = "directory"
urlpatterns = [
    path("", organisations.organisations, name="organisations"),
    path("countries/", organisations.countries, name="countries"),
    path("alliances/", organisations.alliances, name="alliances"),
    path("export.<slug:form>", exports.organisations, name="export"),
    path("import/", include("memberships.directory.imports.urls")),
    path("people/", people.people, name="people"),
    path("people/export.<slug:form>", exports.people, name="people-export"),
]
