"""People answering back; first of all, following datasets."""

from kaishu.engagement.following import follow, followed, followers, is_following, unfollow

__all__ = ["follow", "followed", "followers", "is_following", "unfollow"]
