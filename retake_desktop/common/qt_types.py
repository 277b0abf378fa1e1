"""Names of types that Qt's methods take."""

from PySide6.QtCore import QModelIndex, QPersistentModelIndex

ModelIndex = QModelIndex | QPersistentModelIndex
"""A place in a model, as views hand it to models and delegates."""
