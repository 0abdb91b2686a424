"""The staff screens about people.

people      the list, the form, what may be done with one
page        the constituent page: who is this and what is going on
contact     logging contact, and how to reach somebody
households  households
setup       tags
choosers    picking a constituent on other forms
"""
