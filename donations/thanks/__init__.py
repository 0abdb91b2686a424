"""Thanks: every gift is waiting for thanks, thanked for (how, when, by whom), or wants none.

expecting.py  a gift that is posted waits for thanks; what a reversal or an adjustment does to that
thanking.py   the verbs: thanked, no thanks wanted, back to waiting
choosing.py   which template fits a gift, and why another does not
words.py      what may stand in a template, and the words with a gift put in
letters.py    from gifts to letters: who shares one, to which address, in postal order
drawing.py    a letter as PDF
printing.py   many letters as one file: made, printed, taken back
mailing.py    thanks by e-mail, each once
notices.py    what those are told who are to hear of a gift in somebody's honour or memory, and letters to them
telling.py    the same by e-mail, once; by itself for a gift made online
"""
