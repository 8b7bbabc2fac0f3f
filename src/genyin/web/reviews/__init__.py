"""The screens of reviews: the agenda, the minutes, and what is still to be done after them."""
