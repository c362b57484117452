"""From bytes to claims: the web and files, HTML, PDF, DOCX and tables, mentions, claims, and what must not pass."""
