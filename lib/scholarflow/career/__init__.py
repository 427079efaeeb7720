"""In which country an author worked when, and the moves between."""
