"""Which given names are one person's: Robert is also Bob, Margaret is Peggy, Aleksandra is Ola.

Each line below is one name: its full form first, then what those who bear it are called. A short form may stand on
several lines (Alex, Sascha): it then goes with each of them, and they do not go with each other. Names of other
languages are other names: a Juan is not a John.
"""

from __future__ import annotations

from collections import defaultdict

from constituents.folding import fold

ENGLISH = """
abigail abby abbie gail
abraham abe bram
adelaide addie ada della
agatha aggie
agnes aggie nessie nessa
alan allan allen al
albert al bert bertie
alexander alex alec al sandy xander lex sasha
alexandra alex sandra sandy lexi lexie sasha alexa
alfred alf alfie al fred freddie
alice allie ally
alison allison ali allie ally
amanda mandy manda
amelia amy millie milly mel
andrew andy drew andie
angela angie ange
ann anne annie nan nancy
anna annie ann
annabel annabelle bella belle
anthony antony tony ant
antonia toni tonia
archibald archie baldie
arthur art artie
augustus gus augie
barbara barb babs barbie bobbie
barnabas barnaby barney
bartholomew bart barty
beatrice bea trixie bee
benedict ben benny
benjamin ben benny benji benjy
bernard bernie barney
bertram bert bertie
beverley beverly bev
bradley brad
brenda bren
bridget bridie biddy
calvin cal
cameron cam
caroline carolyn carrie caro lina
cassandra cass cassie sandra
catherine katherine kathryn catharine katharine cathryn kate katie katy kathy cathy cath kath kit kitty kay kat
cecilia cecily celia cissy cis
charles charlie charley chuck chas chip
charlotte charlie lottie lotte char
chester chet
christian chris
christina christine kristina kristine chris chrissie christie tina kris
christopher chris kit topher kris
clarence clare
clifford cliff
constance connie
cornelius con neil corny
curtis curt
cynthia cindy
daniel dan danny
david dave davey davy
deborah debra deb debbie debby
delilah lila
dennis denis den denny
derek derrick del
diana diane di
dominic dominick dom nick
donald don donny donnie
dorothy dot dottie dolly dora dodie
douglas doug dougie
duncan dunc
edith edie
edmund ed eddie ned ted
edward ed eddie ned ted teddy ward
edwin ed eddie win
eleanor elinor ellen ellie nell nellie nora lenora
elizabeth elisabeth eliza liz lizzie lizzy beth betty bess bessie betsy elsie libby lisa lise buffy
ellen ellie nell nellie
emily em emmy millie
emma em emmy
ernest ernie
esther hester essie hetty
ethel eth
eugene gene
evelyn eve evie lyn
ezekiel zeke
felicity fliss flick
ferdinand ferdie
florence flo florrie flossie
frances fran franny frankie fanny cissy
francis frank frankie fran
franklin frank frankie
frederick frederic fredrick fred freddie freddy rick
gabriel gabe
gabriella gabrielle gaby gabby ella
geoffrey jeffrey jeffery geoff jeff
george georgie
georgina georgia georgie gina
gerald gerard gerry jerry
geraldine gerry gerrie
gertrude gertie trudy
gilbert gil bert
gillian jillian gill jill jilly
gordon gord gordie
grace gracie
graham graeme grahame
gregory greg gregg
gwendolyn gwendolen gwen wendy
hannah hanna
harold hal harry
harriet hattie harry
helen ellie nell nellie lena
henrietta hettie etta hattie
henry harry hal hank
herbert bert bertie herb herbie
hilary hillary hil
horace horry
howard howie
hubert bert hugh
hugh hughie huey
humphrey humph
ian iain
ignatius iggy
irene rene
isaac ike zac
isabel isabella isabelle isobel bella belle izzy izzie issy tibby
isidore izzy
jacob jake jack
jacqueline jackie jacqui jacky
james jim jimmy jamie jem jimbo
jane janie janey jenny
janet jan jenny
janice jan
jasmine jas jazz
jason jase jay
jean jeanie jeannie
jeannette jeanette jean jenny
jennifer jen jenny jennie jenna
jeremiah jerry jem
jeremy jerry jem
jerome jerry
jessica jess jessie
joan joanie
joanna joanne jo joey
jocelyn joss
john jack johnny johnnie jon
jonathan jonathon jon jonny johnny
jordan jordy
joseph joe joey jo
josephine jo josie fifi
joshua josh
joyce joy
judith judy judie jude
julia julie jules
julian jules
kathleen kath kathy kate katie kay
kenneth ken kenny
kevin kev
kimberley kimberly kim kimmy
laura laurie lolly
lauren laurie
lawrence laurence larry laurie lawrie loz
leonard len lenny leo
leonora leonie nora
leopold leo
leroy roy
leslie lesley les
lester les
lewis louis lou lew louie
lillian lilian lily lil
linda lyn lynne lindy
lorraine lori rainey
louisa louise lou lulu
lucas luke
lucinda lucy cindy
lucy lou
lydia liddy
mabel may
madeleine madeline maddie maddy
magdalene maggie lena magda
malcolm mal malc
marcus mark marc
margaret maggie meg megan peggy peg marge margie madge greta rita daisy margot maisie mags
margery marjorie marge margie
maria mary marie mia
marian marion
martha marty mattie patty
martin marty
martina tina
mary molly polly mae may mamie moll minnie mollie
mathilda matilda tilly tillie mattie maud
matthew mathew matt matty
maureen mo reenie
maurice morris mo
maximilian max
maxine max
maxwell max
melanie mel
melissa mel lissa missy
melvin mel
mervyn merv
michael mike mick mickey micky mikey mitch
michelle shelly shelley chelle
mildred millie milly
miranda mandy randy
miriam mimi mitzi
mitchell mitch
mohammed mohammad muhammad mohamed muhammed mo
montague monty
montgomery monty
morgan mo
mortimer mort morty
moses moe mo
muriel mu
nancy nan
natalie nat nattie
natasha tasha nat
nathan nate nat
nathaniel nathanael nate nat nathan
nicholas nicolas nick nicky nico
nicola nicole nicky nikki nic
nigel nige
norman norm
oliver ollie olly
olivia liv livvy ollie
oscar ozzie
oswald ozzie
oswin ozzie
pamela pam pammy
patience pat
patricia pat patty patsy tricia trish
patrick pat paddy rick packie
paul paulie
pauline paula polly
penelope penny pen
percival percy
peter pete
petronella nell
philip phillip phil pip
philippa pippa pip
phyllis phyl
priscilla cilla prissy
prudence prue
rachel rachael rach rae
randolph randall randy rand
raymond ray
rebecca rebekah becky becca bec
reginald reg reggie rex
richard rick dick rich richie ricky dickie ritchie
robert bob bobby rob robbie bert robin bobbie
roberta bobbie robbie
roderick rod roddy rick
rodney rod
roger rodge
roland rowland rollo roly
ronald ron ronnie ronny
rosalind ros roz
rosemary rose rosie romy
rosamund ros roz rosie
rose rosie
roxanne roxy
rudolph rudy
rupert rupe
russell russ rusty
ruth ruthie
samantha sam sammy
samuel sam sammy
sandra sandy sandie
sarah sara sally sadie
sebastian seb bastian
sharon shaz
sheila shelagh
shirley shirl
sidney sydney sid syd
silvia sylvia sylvie
simon si
sophia sophie sophy
stanley stan
stella stell
stephanie steph stephie stevie
stephen steven stephan steve stevie ste
stewart stuart stu stew
susan susanna susannah suzanne sue susie suzie suzy sukie
tabitha tabby
tamara tammy tam
terence terrence terry tel
teresa theresa terry tess tessa tracy
thaddeus thad tad
thelma thel
theodora theo dora thea
theodore theo ted teddy
thomas tom tommy thom
timothy tim timmy
tobias toby
trevor trev
tristram tris
ursula ursie
valentine val
valerie val
vanessa nessa
vera vee
veronica ronnie vera nica
victor vic
victoria vicky vicki vickie tori vikki
vincent vince vinny vin
viola vi
violet vi
virginia ginny ginger
vivian vivien vivienne viv
wallace wally
walter wally walt wat
warren waz
wendy wend
wesley wes
wilfred wilfrid wilf fred
wilhelmina billie mina minnie willa
william bill billy will willy willie liam
winifred winnie win freda
winston winnie
yolanda yoli
yvonne vonnie
zachary zachariah zac zach zack zak
zoe zo
"""

GERMAN = """
alexander alex sascha lex
alexandra alex sandra sascha
andreas andi andy anderl
anneliese anne liesl liese
annette anne
anton toni
barbara babsi baerbel barbel
benedikt bene ben
bernhard bernd berni
brigitte gitte gitti biggi
christian chris christl
christine christina christl tina chris
christoph chris stoffel
dietrich dieter dietmar
dorothea dorothee dora thea doro
elisabeth elsbeth else elli lisa liesl lisl sissi elsa bettina betti ilse
erika eri
ferdinand ferdi
franziska franzi fanny
franz franzl
friederike rike frieda fritzi
friedrich fritz fiete friedel
gabriele gabi gaby
georg schorsch jorg
gerhard gerd hardy
gertrud trude traudl gerti
gottfried friedel
gunter gunther guenter guenther
hannelore hanne lore
heinrich heinz heiner hein heini
helene leni lena hella
helmut helle
hildegard hilde
hubert hubsi bertl
ingeborg inge
jakob jockel
joachim achim jochen
johann johannes hans hannes hansi jo jan
johanna hanna hanne
josef joseph sepp beppi jupp
josefine josephine josefa fini sefa pepi
juergen jurgen
jutta juddi
karl carl kalle charly
karoline caroline lina line
katharina katarina kathi kati kaethe kathe trine kat
klaus claus nikolaus niko
konrad conrad conny konny
leonhard leo hardi
lieselotte liselotte lilo lotte lisa liesel
ludwig lutz wiggerl
magdalena leni lena magda
manfred manni fred
margarete margarethe margareta grete gretel gretchen gitta marga rita
maria mitzi mizzi marie mia
markus marc
martina tina
mathilde tilde hilde
matthias mathias matze hias hiasl
maximilian max maxi
melanie melli
michael michi michel micha
monika moni
nikolaus niko klaus nick
peter petz
reinhard reiner hardy
renate nati
rosemarie romy rosi
rudolf rudi rolf
ruediger rudiger rudi
sabine bine
sebastian basti wastl bastian
siegfried sigi siggi
sigrid sigi siggi
stefan stephan steffen steff
stefanie stephanie steffi
susanne susanna susi sanne
theodor theo
theresa therese resi resl
thomas tommy tom
ulrich uli utz
ulrike uli rike
ursula uschi ursel
valentin valtl vali
veronika vroni
viktoria vicky
waltraud traudl traude
werner wernie
wilhelm willi willy helm
wilhelmine minna mine
wolfgang wolf wolfi
"""

FRENCH = """
alexandre alex sacha
alexandra alex sandra sacha
alphonse fonfon
anne annie nanette annette
antoine toine titi
antoinette toinette nette
benjamin ben benji
bernadette nadette
catherine cathy kate katia
charles charlot
charlotte lolotte
christine chris titine
christophe chris tophe
daniel dany
daniele danielle dany
dominique dom domi
edouard doudou ed
elisabeth babette lise lisette elise
emmanuel manu
emmanuelle manu manue
florence flo
francois fanfan
francoise fanchon soisic
frederic fred
frederique fred
gabriel gaby
gabrielle gaby
genevieve ginette viviane
georges jojo
georgette jojo
gerard gege
guillaume guigui
helene lena
henri riri
isabelle isa zabou
jacqueline jackie line
jacques jacquot jacky
jean jeannot
jeanne jeannette jeanneton
joseph jo jojo
josephine jo fifine
julien juju
laurent lolo
louis loulou
louise loulou louisette
madeleine mado madelon
marguerite margot margaux guitte
marie marinette manon mimi
mathieu matthieu mat
maurice momo
michel michou
michele michelle mimi
monique momo
nicolas nico
nicole nico
olivier olive
patrick pat
pauline popo
philippe phil philou
pierre pierrot
raymond momo
robert bob
sebastien seb
simone momone
sophie soso
stephane steph
stephanie steph fanny
suzanne suzie suzette
sylvie syl
therese thea
thomas tom
valerie val
vincent vince
virginie gigi
"""

SPANISH = """
adelaida ade lala
alberto beto berto
alejandra ale alex sandra jandra
alejandro ale alex jandro
alfonso poncho fonso
alfredo fredo
andres andy
angel angelito gelo
antonia tona tonia toni
antonio tono toni antonito
beatriz bea betty
carlos carlitos charly
carmen carmela menchu carmina
catalina cata lina
concepcion concha conchita
consuelo chelo
cristina cris tina
cristobal cris tobal
daniel dani
dolores lola lolita loli
eduardo edu lalo
elena nena lena
enrique quique kike
ernesto neto
esperanza espe
eugenia genia
federico fede lico
felipe pipe
fernanda fer nanda
fernando fer nando
francisca paca paquita francis pancha
francisco paco pancho curro frasco kiko fran quico
gabriel gabi gabo
gonzalo gonza
gregorio goyo
guadalupe lupe lupita
guillermo memo guille
gustavo gus tavo
hortensia tencha
ignacio nacho
isabel isa chabela
javier javi
jesus chus chuy
joaquin quin chimo
jorge coque
jose pepe chepe pepito
josefa pepa josefina pepita fina
juan juanito juancho
juana juanita
leonardo leo
luis lucho luisito
manuel manolo manu lolo
manuela manoli lola
margarita marga rita
maria mari mariquita maruja
mariano nano
mercedes merche meche
miguel miky migue
milagros mila
montserrat montse
nicolas nico
pablo pablito
patricia patri paty
pedro perico
pilar pili
rafael rafa
ramon moncho
remedios reme
ricardo richi cayo
roberto beto berto tito
rocio chio
rosario charo chayo
salvador salva chava
santiago santi chago
sebastian seba
sergio checo
soledad sole
susana susi
teresa tere maite
tomas tomi
vicente chente vicen
victoria viqui
yolanda yoli
"""

ITALIAN = """
alessandra sandra ale
alessandro sandro ale
antonella nella
antonio tonio toni tonino
beatrice bice
caterina cate rina
domenico mimmo meno
elisabetta betta lisa
emanuele lele manu
ernesto tino
federica fede
federico fede
filippo pippo
francesca franca checca
francesco franco cecco
gabriella lella
giacomo mino
giovanna gianna vanna
giovanni gianni nanni vanni
giuseppe beppe peppe pino peppino
giuseppina pina
leonardo leo nardo
lorenzo renzo enzo
luigi gigi gino
margherita rita
maddalena lena
michele lele
nicola nico
raffaele lele
roberto berto
salvatore totò turi
stefania stefi
stefano stefi
teresa resi
tommaso maso
vincenzo enzo cenzo
"""

SLAVIC = """
agnieszka aga agi
aleksandar aca sasha sasa
aleksander olek alek
aleksandr alexander alexandr sasha sascha shura alik sanya
aleksandra alexandra sasha shura sanya ola olka
aleksei alexei aleksey alexey lyosha alyosha lesha
anastasia anastasiya anastazja nastya asya nastia
andrei andrey andrej andrzej andryusha andriy jedrek
anna anya anechka nyura ania anka anicka
antonina tonya
barbara basia baska
boleslaw bolek
boris borya
bozena bozenka
daria darya dasha
dmitri dmitry dmitriy dima mitya
dragan draga
edyta edytka
ekaterina yekaterina katya katia kateryna
elena yelena helena lena alyona jelena
elzbieta ela elka
evgeni evgeny yevgeny zhenya
evgenia yevgenia zhenya
ewa ewka
frantisek franta
galina galya
georgi georgy gosha zhora
grigori grigory grisha
grzegorz grzesiek grzes
halina halinka
henryk heniek
irina ira irinka iryna
iryna ira
ivan vanya ivo ivica
jacek jacus
jadwiga jadzia
jakub kuba kubus
jan janek jasiek honza jenda
jaroslav jarda yarik
jaroslaw jarek
jerzy jurek
jiri jirka
joanna asia aska
josef pepa pepik josif
jozef jozek jozko
justyna justynka
karolina karolinka
katarzyna kasia kaska
katerina katka kaca
kazimierz kazik
konstantin kostya
krystyna krysia
krzysztof krzysiek krzys
larisa lara
leonid lyonya
lev lyova
ludmila lyudmila lyuda mila lida
lukasz lukaszek
lyubov lyuba
magdalena magda madzia
malgorzata gosia malgosia goska
marek mareczek
maria marya masha marusya marysia maryla
marina marinka
mateusz mati
michal misiek michalek
mikhail mykhailo misha mikhailo
milan milanko
miroslav mirek
nadezhda nadia nadya nadja
natalia natalya nataliya natasha natasa tala
nikola nidzo
nikolai nikolay mykola kolya
oksana ksenia ksyusha
oleksandr sashko olek
olga olya
pavel pasha pavlik
pawel pawelek
pyotr petr petya pyetr
piotr piotrek
roman roma
ryszard rysiek
semyon semen syoma
sergei sergey serhiy seryozha
slawomir slawek
stanislav stas slava standa
stanislaw staszek stach stasiek
stefan stefek
svetlana sveta lana
svyatoslav slava
tadeusz tadek
tamara toma
tatiana tatyana tanya tania
tomasz tomek
tomas tomasek
urszula ula
valentina valya
vaclav vasek
vasily vasili vasyl vasya
vera verochka
viktor vitya
vitali vitaly vitalik
vladimir volodymyr vova volodya vlado vladek
vladislav vlad vladik slava
vojtech vojta
vyacheslav slava
waclaw wacek
wieslaw wiesiek
witold witek
wladyslaw wladek
wojciech wojtek
yuri yury yurii yura
zbigniew zbyszek
zdenek zdenda
zdzislaw zdzisiek
zofia zosia
zuzanna zuzia
"""

OTHER = """
aristotelis aris telis
athanasios thanasis nasos sakis
cornelis cees kees cor
dimitrios dimitris mimis jimmy
eleftheria ria
fernanda nanda
georgios giorgos yiorgos
gerardus gerard geert gerrit
guilherme gui
hendrik henk rik
ioannis giannis yannis
jacobus jaap koos ko
johannes jan hans joop johan
jose ze zeca
konstantinos kostas dinos
lars lasse
maria mieke riet ria
nikolaos nikos
panagiotis panos takis
petrus piet peter
pieter piet
siobhan shiv
wilhelmus willem wim
willem wim pim
"""


def _groups() -> dict[str, frozenset[str]]:
    together: defaultdict[str, set[str]] = defaultdict(set)
    for table in (ENGLISH, GERMAN, FRENCH, SPANISH, ITALIAN, SLAVIC, OTHER):
        for line in table.strip().splitlines():
            names = fold(line).split()
            for name in names:
                together[name].update(names)
    return {name: frozenset(names) for name, names in together.items()}


_GROUPS = _groups()


def variants(given: str) -> frozenset[str]:
    """Return, folded, what a person of this given name may be called, the name itself included."""
    name = fold(given)
    return _GROUPS.get(name, frozenset()) | {name} if name else frozenset()


def same_person_name(a: str, b: str) -> bool:
    """Whether two given names may be one person's: equal, one short for the other, or two short forms of one name.

    Of several given names the first counts: `Ann Mary` may be `Annie`.
    """
    one, other = fold(a), fold(b)
    if not one or not other:
        return False
    return other in variants(one) or other.split()[0] in variants(one.split()[0])
