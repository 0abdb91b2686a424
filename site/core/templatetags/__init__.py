<<<<<<< HEAD
"""Template tags every room's pages share."""
=======
"""Template tags that belong to no one domain."""
>>>>>>> a4d1c19 (Start the staff-screen kit: viewsets, verbs, choosers, menu, history that shows old and new)
