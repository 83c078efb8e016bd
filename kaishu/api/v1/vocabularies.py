"""Code lists that records are written with."""

from __future__ import annotations

from enum import StrEnum

from kaishu import catalogue, standards
from kaishu.api.v1 import shapes
from kaishu.api.v1.router import family

router = family("vocabularies")


class Vocabulary(StrEnum):
    """The code lists that are open to all."""

    file_format = "file-format"
    format_category = "format-category"
    item_type = "item-type"
    language = "language"
    licence = "licence"
    open_class = "open-class"
    profile_statistic = "profile-statistic"
    resource_category = "resource-category"
    resource_class = "resource-class"
    secrecy = "secrecy"
    share_class = "share-class"
    theme = "theme"
    update_frequency = "update-frequency"


@router.get("/vocabularies")
def list_vocabularies() -> list[str]:
    """Names of the code lists."""
    return [str(each) for each in Vocabulary]


@router.get("/vocabularies/{name}")
def read_vocabulary(name: Vocabulary) -> shapes.VocabularyShape:
    """A code list with its terms; the categories of resource codes are the region's, if it has a list."""
    if name is Vocabulary.resource_category:
        known = catalogue.categories.categories().known.values()
        return shapes.VocabularyShape(
            name=str(name), terms=[shapes.TermShape(code=c.code, zh=c.zh, en=c.en, uri="") for c in known]
        )
    terms = standards.vocabulary(str(name)).terms
    return shapes.VocabularyShape(
        name=str(name),
        terms=[shapes.TermShape(code=t.code, zh=t.zh, en=t.en, uri=t.uri or "") for t in terms],
    )
