"""What is new: unusual company of cited sources (context), unusual company of keywords (content)."""
