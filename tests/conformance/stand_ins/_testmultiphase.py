"""Stands for the extension module of this name: that it can be imported is all that is asked of it."""
