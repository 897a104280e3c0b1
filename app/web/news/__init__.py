"""What is new: the rows of an inbox, what one does with them, and the bell in every header that opens them."""
