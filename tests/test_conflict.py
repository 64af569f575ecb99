"""Texts about armed conflict are told from those about crime, sport, disasters, trade and history."""

from __future__ import annotations

import pytest

from tension.signals.conflict import conflict_reader

ARMED = {
    "en": [
        "Airstrikes on the capital kill dozens as ceasefire collapses",
        "Hezbollah fires rockets across the border",
        "Rebels and army fight for control of Sudan's second city",
        "Troops mass on the frontline before a new offensive",
        "Peace talks on the war in Ukraine resume in Istanbul",
        "Israel kills three commanders in Lebanon",
    ],
    "fr": [
        "Le cessez-le-feu vole en éclats après de nouvelles frappes aériennes",
        "Des drones ont tué cinq personnes en Ukraine",
        "Soudan : l'armée reprend un aéroport aux paramilitaires",
        "Le Hamas libère deux otages",
        "Offensive des rebelles dans l'est du Congo",
        "Pourparlers de paix : Téhéran envoie un émissaire",
    ],
    "de": [
        "Luftangriffe auf die Hauptstadt: Waffenruhe gescheitert",
        "Armee und Rebellen kämpfen um Aleppo",
        "Drohnenangriff auf Charkiw in der Nacht",
        "Israel greift Ziele im Libanon an: Tote nach Angriff",
        "Soldaten an die Front: Neue Offensive erwartet",
        "Huthi beschießen Frachter",
    ],
    "ru": [
        "Столица подверглась обстрелу, перемирие сорвано",
        "ХАМАС освободил двух заложников",
        "Израиль атаковал военную базу в Сирии",
        "Войска перешли в наступление на севере страны",
        "Беспилотники атаковали порт на Украине",
        "Начались мирные переговоры в Стамбуле",
    ],
    "uk": [
        "Нічний обстріл міста: є поранені",
        "Дрони атакували Харків",
        "ЗСУ звільнили село на півдні",
        "Сторони домовилися про припинення вогню",
        "Ізраїль завдав удару по столиці Ємену",
        "Бойовики захопили аеропорт",
    ],
    "pl": [
        "Naloty na stolicę: zawieszenie broni zerwane",
        "Rosyjskie drony zaatakowały Charków, Ukraina odpowiada",
        "Wojska rebeliantów zajęły lotnisko",
        "Hamas uwolnił dwóch zakładników",
        "Izrael zaatakował cele w Libanie: są zabici",
        "Rozmowy pokojowe w Stambule bez wyniku",
    ],
    "cs": [
        "Nálety na metropoli: příměří se zhroutilo",
        "Drony zaútočily na Charkov, Ukrajina hlásí mrtvé",
        "Hamás propustil dva rukojmí",
        "Vojska zahájila ofenzivu na východě",
        "Izrael zabil velitele v Libanonu",
        "Povstalci obsadili letiště",
    ],
    "ro": [
        "Încetarea focului a fost încălcată în prima noapte",
        "Atac cu drone asupra portului",
        "Ucraina: morți după un atac al armatei",
        "Hamas eliberează doi ostatici",
        "Trupele au lansat o ofensivă în est",
        "Negocieri de pace la Istanbul",
    ],
    "sv": [
        "Vapenvilan bröts av flyganfall i natt",
        "Drönare anföll Ukraina",
        "Hamas släpper gisslan",
        "Trupperna inledde en ny offensiv i öster",
        "Israel dödade befälhavare i Libanon",
        "Rebeller intog flygplatsen",
    ],
    "fi": [
        "Aselepo murtui ilmaiskuihin",
        "Droonit iskivät Ukrainaan: hyökkäyksessä haavoittui viisi",
        "Hamas vapautti kaksi panttivankia",
        "Joukot aloittivat hyökkäyksen, taistelut jatkuvat",
        "Israel iski Libanoniin",
        "Rauhanneuvottelut alkavat Istanbulissa",
    ],
    "et": [
        "Relvarahu murti õhurünnakuga",
        "Droonid ründasid Ukrainat",
        "Hamas vabastas kaks pantvangi",
        "Armee alustas lahingut linna pärast",
        "Iisrael ründas Liibanoni",
        "Rahukõnelused algavad Istanbulis",
    ],
    "lv": [
        "Pamiers lauzts: pilsētu apšaudīja",
        "Droni uzbruka Ukrainai",
        "Hamās atbrīvo divus ķīlniekus",
        "Karavīri sāka ofensīvu austrumos",
        "Izraēla uzbruka Libānai",
        "Miera sarunas sāksies Stambulā",
    ],
    "lt": [
        "Paliaubos sulaužytos: miestas apšaudytas",
        "Dronai atakavo Ukrainą",
        "Hamas paleido du įkaitus",
        "Armija pradėjo puolimą rytuose",
        "Izraelis atakavo Libaną",
        "Taikos derybos prasidės Stambule",
    ],
    "tr": [
        "Ateşkes ilk gecede bozuldu",
        "Gazze'ye hava saldırısı: çok sayıda ölü",
        "Ukrayna'ya dron saldırısı",
        "Ordu doğuda taarruz başlattı",
        "İsrail Lübnan'da bir komutanı vurdu",
        "Barış görüşmeleri İstanbul'da başlıyor",
    ],
}
OTHER = {
    "en": [
        "Man killed in knife attack outside a pub",
        "Trade war: tariffs hit car makers",
        "Striker's late attack sinks Arsenal",
        "Earthquake kills hundreds and leaves thousands homeless",
        "New film tells of World War II soldiers",
        "Shark attack closes beach",
    ],
    "fr": [
        "Un homme tué dans une attaque au couteau",
        "La guerre des prix entre les supermarchés",
        "Attaque de requin : la plage est fermée",
        "Séisme : des centaines de morts",
        "Un film sur la Seconde Guerre mondiale primé à Cannes",
        "L'attaquant des Bleus blessé",
    ],
    "de": [
        "Mann nach Messerangriff getötet",
        "Handelskrieg: Zölle treffen Autobauer",
        "Bayern verstärkt den Angriff mit neuem Stürmer",
        "Tote nach Erdbeben",
        "Weltkriegsbombe in Köln entschärft",
        "Rakete zur Raumstation gestartet",
    ],
    "ru": [
        "Мужчина погиб в драке у бара",
        "Торговая война: пошлины выросли",
        "Нападающий забил после быстрой атаки",
        "Ракета стартовала к МКС",
        "Вышел фильм о Второй мировой войне",
        "При землетрясении погибли сотни человек",
    ],
    "uk": [
        "Чоловік загинув у бійці біля бару",
        "Торговельна війна: мита зросли",
        "Динамо забило після швидкої атаки",
        "Землетрус: загинули сотні людей",
        "Фільм про козаків вийшов у прокат",
        "Ціни на хліб зросли",
    ],
    "pl": [
        "Mężczyzna zabity nożem pod barem",
        "Wojna handlowa: cła uderzą w producentów aut",
        "Napastnik Legii kończy karierę",
        "Trzęsienie ziemi: setki ofiar",
        "Film o powstaniu w kinach",
        "Zawał: atak serca coraz częstszy",
    ],
    "cs": [
        "Muž zemřel po útoku nožem v baru",
        "Obchodní válka: cla dopadnou na automobilky",
        "Útočník Sparty končí kariéru",
        "Zemětřesení zabilo stovky lidí",
        "Nový film o světové válce",
        "Inflace klesla",
    ],
    "ro": [
        "Bărbat ucis cu un cuțit în fața unui bar",
        "Război comercial: taxe vamale mai mari",
        "Atacantul Stelei s-a accidentat",
        "Cutremur: sute de victime",
        "Film nou despre regi la cinema",
        "Prețul pâinii crește",
    ],
    "sv": [
        "Man dödad i knivattack utanför krog",
        "Handelskrig: tullar slår mot biltillverkare",
        "Anfallaren lämnar AIK",
        "Jordskalv: hundratals döda",
        "Ny film om andra världskriget",
        "Vargattack mot får",
    ],
    "fi": [
        "Mies kuoli puukotuksessa baarin edessä",
        "Kauppasota: tullit iskevät autonvalmistajiin",
        "Hyökkääjä loukkaantui jääkiekossa",
        "Maanjäristys tappoi satoja",
        "Uusi elokuva talvisodasta",
        "Leivän hinta nousee",
    ],
    "et": [
        "Mees hukkus kakluses baari ees",
        "Kaubandussõda: tollid tõusevad",
        "Ründaja lahkub Florast",
        "Maavärin: sajad hukkunud",
        "Uus film maailmasõjast",
        "Leiva hind tõuseb",
    ],
    "lv": [
        "Vīrietis gājis bojā kautiņā pie bāra",
        "Tirdzniecības karš: tarifi aug",
        "Uzbrucējs pamet Rīgu",
        "Zemestrīcē gājuši bojā simtiem cilvēku",
        "Jauna filma par pasaules karu",
        "Maizes cena aug",
    ],
    "lt": [
        "Vyras žuvo muštynėse prie baro",
        "Prekybos karas: muitai auga",
        "Puolėjas palieka Žalgirį",
        "Per žemės drebėjimą žuvo šimtai žmonių",
        "Naujas filmas apie pasaulinį karą",
        "Duonos kaina auga",
    ],
    "tr": [
        "Bar önünde bıçaklı saldırı: bir ölü",
        "Ticaret savaşı: gümrük vergileri arttı",
        "Forvet sakatlandı",
        "Depremde yüzlerce kişi öldü",
        "Dünya savaşı filmi vizyonda",
        "Köpek balığı saldırısı plajı kapattı",
    ],
}


@pytest.mark.parametrize(("language", "text"), [(key, text) for key, texts in ARMED.items() for text in texts])
def test_armed_conflict_is_told(language, text):
    assert conflict_reader().tells(text, language)


@pytest.mark.parametrize(("language", "text"), [(key, text) for key, texts in OTHER.items() for text in texts])
def test_what_only_sounds_like_war_is_not(language, text):
    assert not conflict_reader().tells(text, language)


def test_a_war_in_passing_is_not_what_a_text_is_about():
    passing = "Your holiday will cost more this summer: how families plan to save, and where prices rise since the "
    assert not conflict_reader().tells(passing + "war in Ukraine", "en")
    assert conflict_reader().tells("Since the war in Ukraine: " + passing, "en")


@pytest.mark.parametrize("text", ["", " ", "🕊️💥🚀", "\0\ufeff\u0307", "é" * 1_000_000, "war " * 250_000, "'’-–_…"])
@pytest.mark.parametrize("language", ["en", "tr", "xx", "", "?!"])
def test_odd_text_is_no_conflict(text, language):
    assert conflict_reader().tells(text, language) is False


def test_a_language_that_is_not_known_is_read_with_the_words_of_all():
    assert conflict_reader().tells("Hamas and Hezbollah", "xx")
