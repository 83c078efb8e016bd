"""People answering back by following and rating datasets; and letters to offices, here or by mail."""

from kaishu.engagement.following import follow, followed, followers, is_following, unfollow
from kaishu.engagement.letters import (
    Enclosed,
    enclosed_in,
    leave_letter,
    letter_by_id,
    letters,
    mark_read,
    unread_letters,
)
from kaishu.engagement.mailing import Mail, address_in, checked_address, mail_is_set, send_mail
from kaishu.engagement.rating import (
    ASPECTS,
    HIGHEST,
    LOWEST,
    Rated,
    Ratings,
    mean_ratings,
    own_rating,
    provides,
    rate,
    ratings_of,
    withdraw_rating,
)

__all__ = [
    "ASPECTS",
    "HIGHEST",
    "LOWEST",
    "Enclosed",
    "Mail",
    "Rated",
    "Ratings",
    "address_in",
    "checked_address",
    "enclosed_in",
    "follow",
    "followed",
    "followers",
    "is_following",
    "leave_letter",
    "letter_by_id",
    "letters",
    "mail_is_set",
    "mark_read",
    "mean_ratings",
    "own_rating",
    "provides",
    "rate",
    "ratings_of",
    "send_mail",
    "unfollow",
    "unread_letters",
    "withdraw_rating",
]
