"""Words that give a line away: what pages say around their articles, in several languages.

All patterns match a whole folded line (case and white space folded), because most of these words stand in running text
too. A word here is a fact about pages in general, never about one outlet's article.
"""

from __future__ import annotations

import re

__all__ = [
    "AGENCIES",
    "BOILERPLATE",
    "BOILERPLATE_SENTENCE",
    "COMMENTS",
    "CROSSLINK",
    "OUTLET_WORDS",
    "PLACES",
    "READ_TIME",
    "RELATED",
    "RIGHTS",
    "SECTIONS",
    "TAGS",
]


def _whole(words: str, tail: str = r"[\s:»›>.!…]*") -> re.Pattern[str]:
    return re.compile(rf"[\W_]*(?:{'|'.join(part.strip() for part in words.strip().splitlines())}){tail}")


READ_TIME = _whole(
    r"""
    (?:estimated |reading time|read time|time to read|lesezeit|lecture|temps de lecture|tiempo de lectura|tempo di lettura|tempo de leitura|leestijd|время чтения)\W*:?\s*(?:ca\.? ?)?\d+ ?(?:-? ?min\w*|мин\w*)\.?
    \d+ ?-? ?min(?:ute)?s?\.? ?(?:read|reading time|lesezeit|de lecture|de lectura|di lettura|leestijd|to read)?
    \d+ мин\w*\.?(?: чтения)?
    """
)

RELATED = _whole(
    r"""
    (?:related|similar|recommended|further|other|more|latest|recent|popular|top)(?: \w+)? (?:articles?|stor(?:y|ies)|posts?|news|content|links?|coverage|reading|topics?|reads|headlines|videos?)
    related|trending(?: now)?|most (?:read|popular|viewed|commented|shared|watched)(?: \w+){0,3}
    (?:you (?:may|might|could) also (?:like|be interested in)|you might be interested in|more (?:on|from|about|in) .{1,50}|more like this|what to read next|read next|up next)
    (?:read|see|view|watch|learn) (?:more|also|next|full article)|also (?:read|see|on .{1,30})|see also|don['’]t miss|editor['’]?s[’']? (?:picks?|choice)|from around the web|recommended(?: for you)?|more stories|in case you missed it|keep reading|continue reading
    (?:previous|next|older|newer)(?: (?:article|post|story|page|entries))?
    siehe auch|lesen sie auch|mehr zum thema|auch interessant|weiterlesen|das könnte sie auch interessieren|verwandte (?:artikel|themen)|meistgelesen|zum thema
    (?:à )?lire (?:aussi|également|la suite)|voir aussi|sur le même (?:sujet|thème)|articles? (?:liés|similaires|recommandés)|les plus lus
    (?:ver|lea|lee|leer) (?:también|más)|te puede interesar|noticias relacionadas|artículos relacionados|(?:lo )?más leído\w*|relacionad[ao]s
    leggi anche|vedi anche|articoli correlati|potrebbe interessarti|leia (?:também|mais)|veja também|notícias relacionadas|mais lidas
    lees ook|lees meer|gerelateerd(?:e artikelen)?|meest gelezen|läs (?:också|mer)|les også
    читайте также|смотрите также|по теме|еще по теме|материалы по теме|другие новости|похожие (?:статьи|новости)|czytaj także|zobacz też|ayrıca (?:bakınız|okuyun)|ilgili haberler
    اقرأ أيضا|اقرأ أيضًا|مواضيع ذات صلة|相关阅读|相关新闻|延伸阅读|関連記事
    """
)

CROSSLINK = re.compile(
    r"[\W_]*(?:also read|read also|read more|read next|read|see also|see more|more|related|related (?:article|story|news|coverage|reading|post)"
    r"|recommended|watch|watch also|listen|explainer|opinion|don['’]t miss|must read|further reading|learn more|in pictures|in depth"
    r"|siehe auch|lesen sie (?:auch|hier|mehr)|lesen sie auch|mehr dazu|mehr zum thema|lire aussi|à lire(?: aussi)?|lire également|voir aussi"
    r"|ver también|lea también|lee también|leer más|te puede interesar|leggi anche|vedi anche|leia (?:também|mais)|veja também|lees ook|läs också|les også"
    r"|читайте также|смотрите также|по теме|czytaj także|zobacz też|ayrıca oku\w*|اقرأ أيضا|اقرأ أيضًا|相关阅读|延伸阅读|関連記事)"
    r"\s*(?:[:：>»|]|\s[-–—]\s?)+\s*(?P<target>\S.*)"
)

COMMENTS = _whole(
    r"""
    leave a (?:reply|comment)(?: cancel reply)?|post (?:a|your) comment|add (?:a|your) comment|write a comment|be the first to comment|submit a comment|cancel reply
    (?:\(?\d+\)? )?(?:reader )?comments?(?: ?\(?\d+\)?)?(?: section| policy)?|no comments(?: yet)?|comments are (?:closed|off|disabled)|(?:view|show|read|see|load)(?: all)?(?: \d+)? comments|join the (?:conversation|discussion)|have your say|\d+ (?:responses?|replies|thoughts?)(?: (?:to|on) .{1,80})?|what do you think
    your email address will not be published.*|required fields are marked.*|you must be logged in to .{1,40}|log ?in to (?:comment|reply)|sign in to comment|save my name, email.*
    (?:\d+ )?kommentare?|kommentar (?:schreiben|verfassen|hinterlassen)|(?:\d+ )?commentaires?|laisser un commentaire|(?:\d+ )?comentarios|deja (?:un comentario|una respuesta)|(?:\d+ )?commenti|lascia un commento|(?:\d+ )?comentários|deixe um comentário|(?:\d+ )?reacties|geef een reactie
    (?:\d+ )?комментари\w+|оставить комментарий|добавить комментарий
    """
)

BOILERPLATE = _whole(
    r"""
    (?:\d+ )?shares?(?: ?\d+)?|share (?:this|it|now|on|via|to|with)\b.{0,60}|share article|sharing options|tweet(?: this)?|retweet|pin(?: it| this)?|(?:like|follow|find|join) (?:us|me|@?\w+|our \w+)(?: on)? (?:on )?(?:facebook|twitter|x|instagram|telegram|youtube|linkedin|whatsapp|google news|tiktok).{0,40}|follow us|follow|copy (?:the )?link|copied|link copied.{0,20}|embed
    (?:(?:facebook|twitter|x|instagram|telegram|youtube|linkedin|whatsapp|pinterest|reddit|tumblr|email|e-mail|mail|messenger|flipboard|pocket|vk|print|rss|google\+?|sms|threads|bluesky|viber|skype|snapchat)[\s,|/•·]*)+
    partager(?: .{1,40})?|teilen(?: .{1,30})?|compartir(?: .{1,30})?|condividi(?: .{1,30})?|compartilh\w+(?: .{1,30})?|delen|dela|поделиться(?: .{1,30})?|drucken|imprimer|imprimir|stampa|распечатать
    advert(?:isement|isment|ising)?s?(?: - .{1,40})?|sponsored(?: content| by .{1,40})?|promoted(?: content)?|ad|ads|paid (?:post|content)|story continues (?:below|after).{0,40}|article continues (?:below|after).{0,40}|continue reading (?:below|the main story)|skip (?:past|ad|advertisement).{0,60}|anzeige|werbung|publicité|publicidad|pubblicità|publicidade|advertentie|реклама
    home(?: ?page)?|menu|search(?: .{0,20})?|skip to .{1,30}|about(?: us)?|contact(?: us)?|privacy(?: (?:policy|notice|settings))?|terms(?: (?:of|and|&) .{1,30})?|terms|help|faq|careers|jobs|sitemap|site map|legal|imprint|impressum|datenschutz|mentions légales|advertise(?: with us)?|cookie (?:policy|settings|preferences|notice)|accessibility.{0,20}|do not sell .{0,40}|back to (?:top|home.{0,10}|.{1,20})|back|top|view all|see all|show (?:more|less|all)|load more|view more|more|expand|close|open|dismiss|cancel|submit|send|reply|ok|accept(?: all.{0,20})?|reject(?: all)?|got it|i agree|manage .{1,20}|settings|next|previous|prev|play|pause|mute|loading.{0,20}|toggle .{1,30}|sidebar
    (?:log|sign) ?(?:in|up|out|on)(?: .{0,40})?|register(?: .{0,30})?|my account|create (?:an|your|a free) account.{0,30}|already (?:a|have).{1,50}|subscribe(?: .{0,60})?|subscriptions?|donate(?: .{0,30})?|support (?:us|our .{1,40})|become a (?:member|subscriber|supporter).{0,40}|start (?:your )?free trial.{0,30}|anmelden|abonnieren|s['’]abonner|se connecter|suscr[ií]b\w+|iniciar sesión|подписаться.{0,40}|войти
    newsletters?(?: sign ?up)?|get (?:the|our|your) .{0,60}(?:newsletter|inbox|e-?mail|alerts?|app)\b.{0,40}|(?:enter )?your e-?mail(?: address)?.{0,20}|e-?mail address.{0,20}|download (?:the|our) app.{0,30}|(?:read|view|open) (?:it )?in (?:the )?app|get the app|(?:breaking )?news alerts?
    listen(?: to (?:this )?(?:article|story)).{0,30}|listen|watch(?: (?:now|live|video|the video).{0,30})?|(?:play|watch) (?:the )?video|video|photos?|pictures?|gallery|audio|podcast|live|image|caption|hide caption|toggle caption|enlarge(?: this)? image|image \d+ of \d+|\d+ ?(?:/|of) ?\d+|text size|font size.{0,10}|a a a?|aa|print(?: this)?(?: (?:article|page))?|save(?: (?:article|for later|story))?|saved|bookmark(?: .{0,20})?|gift(?: .{0,20})?|pdf|listen in .{1,20}|read in .{1,20}|translate.{0,20}|select language|powered by .{1,30}
    (?:please )?(?:enable|turn on) javascript.{0,100}|(?:this|your) browser .{1,100}|javascript (?:is|must be) .{1,80}
    end(?:s)?|-?\s?30\s?-?|###|the end|to be continued|this is a developing story.{0,60}|breaking|breaking news|live updates?|updated|just in
    (?:©|\(c\)|copyright|all rights reserved|alle rechte vorbehalten|tous droits réservés|todos los derechos reservados|tutti i diritti riservati|todos os direitos reservados|все права защищены).{0,200}
    (?:https?://|www\.)\S+|(?:[#@][\w-]+[\s,]*)+|\d[\d.,]*[km]?(?: (?:views|likes|shares|followers))?
    """
)

RIGHTS = (
    *("all rights reserved", "alle rechte vorbehalten", "tous droits réservés", "todos los derechos reservados"),
    *("tutti i diritti riservati", "todos os direitos reservados", "все права защищены"),
)

# phrases no news sentence has by chance: wherever they stand in a line, the line is the page speaking
BOILERPLATE_SENTENCE = re.compile(
    r"\b(?:(?:we|this (?:web)?site|our (?:web)?site) (?:and our partners )?uses? cookies|use of cookies|accept (?:all )?cookies|cookie (?:policy|preferences|settings)"
    r"|by (?:continuing|clicking|signing up|subscribing|submitting|using this)\b.{0,60}\b(?:you agree|agree to|accept|consent)|privacy policy and terms"
    r"|(?:sign up|subscribe|signing up|register)(?: \w+){0,4} (?:to|for)(?: \w+){0,6} (?:newsletters?|updates|alerts|briefing|e-?mails?|channel)"
    r"|(?:our|the|free|daily|weekly|morning) newsletters?\b.{0,40}\b(?:inbox|sign|subscri)|(?:straight|delivered|direct(?:ly)?) (?:in)?to your inbox"
    r"|unsubscribe at any time|your e-?mail address will not be published|thank you for (?:subscribing|signing up|reading this article)"
    r"|follow us on (?:facebook|twitter|x|instagram|telegram|google news|whatsapp)|download our (?:mobile )?app|join our (?:telegram|whatsapp) (?:channel|group)"
    r"|support (?:our|independent|quality) journalism|to continue reading|subscribe (?:now|today) (?:to|for)|please (?:enable|turn on) javascript|disable your ad ?blocker"
    r"|(?:may not be|is prohibited|be) (?:published|reproduced|broadcast|rewritten|redistributed)[, ].{0,80}(?:permission|consent|redistributed)|material may not be published"
    r"|wir verwenden cookies|nous utilisons des cookies|utilizamos cookies|utilizziamo cookie|мы используем (?:файлы )?cookie|abonnez-vous à|newsletter abonnieren|suscríbete a|подпишитесь на наш"
    r"|views expressed (?:in this|here|by)|the opinions expressed|do not (?:necessarily )?reflect (?:the|those)|does not necessarily reflect)\b"
)

TAGS = re.compile(
    r"[\W_]*(?:tags?|tagged(?: with| as)?|topics?|filed (?:under|in|to)|keywords?|categor(?:y|ies)|posted in|in this (?:article|story)|more about|hashtags?"
    r"|schlagwort\w*|themen|mots[- ]clés|sujets?|thèmes?|etiquetas|temas?|argomenti|trefwoorden|теги|метки|рубрики?|konular|etiketler)\s*[:：].{0,300}"
)

# agencies sell copy and pictures to outlets: their name beside a text or picture says nothing about who published it
AGENCIES = frozenset(
    "reuters|afp|agence france-presse|agence france presse|ap|associated press|the associated press|ap photo|getty|getty images|epa|epa-efe|efe|ansa"
    "|dpa|dpa international|tass|itar-tass|interfax|ria|ria novosti|sputnik|xinhua|anadolu|anadolu agency|aa|upi|bloomberg|pa|pa media|press association|afp via getty images"
    "|shutterstock|istock|alamy|unsplash|pixabay|flickr|flickr.com|wikimedia|wikimedia commons|wikipedia|twitter|facebook|instagram|youtube|handout|reuters connect"
    "|ians|pti|ani|kyodo|yonhap|apa|keystone-sda|sda|belga|anp|tt|ntb|ritzau|lusa|mena|spa|wam|irna|petra|pool|agencies|agency|staff|wire|wires|news agencies|news agency|wire services"
    "|staff reporter|staff writer|staff writers|web desk|news desk|newsdesk|online desk|admin|administrator|editor|editors|editorial|editorial team|editorial board|correspondent|our correspondent|redaktion|rédaction|redacción|редакция|lana".split(
        "|"
    )
)

SECTIONS = frozenset(
    "news|world|world news|international|national|local|politics|business|economy|markets|opinion|comment|analysis|editorial|sport|sports|football|culture|arts|entertainment|lifestyle"
    "|life|travel|food|health|science|technology|tech|education|environment|climate|media|features|feature|exclusive|breaking|breaking news|latest|latest news|live|video|videos|photos|pictures|gallery|podcast"
    "|podcasts|explainer|explained|interview|interviews|review|reviews|special report|report|reports|investigation|investigations|in depth|in-depth|in focus|focus|briefing|newsletter|newsletters|top stories|trending|uk|us|usa|eu"
    "|europe|africa|asia|middle east|middle east & north africa|mena|americas|latin america|north america|south america|oceania|balkans|caucasus|central asia|gulf|maghreb|sahel"
    "|home|defence|defense|security|military|war|crime|law|justice|society|religion|history|obituary|obituaries|weather|money|finance|energy|oil|oil & gas|motoring|property|fashion|games|quiz|letters|blog|blogs|column|columnists"
    "|politik|wirtschaft|kultur|ausland|inland|wissen|meinung|panorama|politique|économie|monde|société|opinión|mundo|política|economía|cultura|deportes|esteri|politica|cronaca|мир|политика|экономика|общество|в мире|новости|россия".split(
        "|"
    )
)

OUTLET_WORDS = frozenset(
    "news|times|post|herald|tribune|gazette|journal|daily|observer|telegraph|guardian|independent|mirror|express|chronicle|courier|echo|globe|sun|star|standard|mail|record|register|sentinel|dispatch|examiner|inquirer"
    "|monitor|review|press|today|weekly|magazine|radio|tv|television|broadcasting|bbc|cnn|nbc|abc|cbs|fox|npr|pbs|dw|rt|aljazeera|jazeera|arabiya|euronews|politico|bulletin|digest|report|reporter|insider|wire|voice|eye|online|media"
    "|zeitung|tagesspiegel|spiegel|welt|rundschau|nachrichten|anzeiger|monde|figaro|libération|presse|matin|país|mundo|diario|periódico|nación|vanguardia|repubblica|corriere|stampa|messaggero|gazzetta|volkskrant|handelsblatt|telegraaf|courant"
    "|известия|коммерсантъ|ведомости|газета|правда|новости|вести|медуза|dagblad|folha|estado|gazeta|haber|hürriyet|sabah".split(
        "|"
    )
)

PLACES = frozenset(
    "afghanistan|albania|algeria|angola|argentina|armenia|australia|austria|azerbaijan|bahrain|bangladesh|belarus|belgium|benin|bolivia|bosnia|botswana|brazil|britain|bulgaria|burkina faso|burundi|cambodia|cameroon|canada|chad|chile|china|colombia|congo"
    "|croatia|cuba|cyprus|czechia|denmark|djibouti|ecuador|egypt|england|eritrea|estonia|ethiopia|finland|france|gabon|gambia|georgia|germany|ghana|greece|guinea|haiti|hungary|iceland|india|indonesia|iran|iraq|ireland|israel|italy|ivory coast|jamaica|japan|jordan"
    "|kazakhstan|kenya|kosovo|kuwait|kyrgyzstan|laos|latvia|lebanon|liberia|libya|lithuania|luxembourg|madagascar|malawi|malaysia|mali|malta|mauritania|mexico|moldova|mongolia|montenegro|morocco|mozambique|myanmar|namibia|nepal|netherlands|new zealand|niger|nigeria"
    "|north korea|north macedonia|norway|oman|pakistan|palestine|panama|paraguay|peru|philippines|poland|portugal|qatar|romania|russia|rwanda|saudi arabia|scotland|senegal|serbia|sierra leone|singapore|slovakia|slovenia|somalia|south africa|south korea|south sudan|spain|sri lanka"
    "|sudan|sweden|switzerland|syria|taiwan|tajikistan|tanzania|thailand|togo|tunisia|turkey|türkiye|turkmenistan|uganda|ukraine|united arab emirates|uae|united kingdom|united states|uruguay|uzbekistan|venezuela|vietnam|wales|yemen|zambia|zimbabwe"
    "|abu dhabi|abuja|accra|addis ababa|aleppo|algiers|amman|amsterdam|ankara|athens|baghdad|baku|bamako|bangkok|beijing|beirut|belgrade|benghazi|berlin|bern|bratislava|brussels|bucharest|budapest|buenos aires|cairo|canberra|cape town|caracas|chisinau|copenhagen|dakar|damascus|delhi"
    "|doha|donetsk|dubai|dublin|erbil|gaza|geneva|hanoi|harare|havana|helsinki|hong kong|islamabad|istanbul|jakarta|jerusalem|johannesburg|kabul|kampala|karachi|kharkiv|khartoum|kinshasa|kyiv|kiev|lagos|lahore|lima|lisbon|ljubljana|london|los angeles|luanda|madrid|manila|mariupol"
    "|minsk|misrata|mogadishu|moscow|mosul|mumbai|nairobi|new delhi|new york|niamey|nicosia|odesa|odessa|oslo|ottawa|ouagadougou|paris|podgorica|prague|pretoria|pyongyang|rabat|ramallah|reykjavik|riga|riyadh|rome|san francisco|sanaa|santiago|sarajevo|seoul|shanghai|sirte|skopje|sofia"
    "|st petersburg|stockholm|sydney|taipei|tallinn|tashkent|tbilisi|tehran|tel aviv|the hague|tirana|tobruk|tokyo|toronto|tripoli|tunis|ulaanbaatar|valletta|vienna|vilnius|warsaw|washington|yerevan|zagreb|zurich".split(
        "|"
    )
)
