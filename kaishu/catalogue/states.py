"""Review states, always in the same words."""

from __future__ import annotations

from enum import StrEnum


class State(StrEnum):
    """State of a dataset, and of each revision of its record."""

    draft = "draft"
    in_review = "in-review"
    published = "published"
    returned = "returned"
    withdrawn = "withdrawn"

    @property
    def zh(self) -> str:
        """The Chinese word."""
        return {
            "draft": "草稿",
            "in-review": "待审",
            "published": "已发布",
            "returned": "已退回",
            "withdrawn": "已撤销",
        }[self.value]

    @property
    def en(self) -> str:
        """The English word."""
        return self.value.replace("-", " ")
