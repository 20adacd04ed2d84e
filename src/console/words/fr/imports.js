import { losses, notes } from './codes.js'
import { codes } from './rows.js'

/** @param {number} count */
const s = (count) => (count > 1 ? 's' : '')

const skipReasons = {
  duplicateInFile: 'une ligne précédente est la même personne',
  suppressed: 'la personne ne veut pas être contactée',
  alreadyThere: 'la personne y est déjà',
  notForThisTarget: 'le compte est destiné à d’autres personnes',
  otherAccount: 'la ligne est destinée à d’autres comptes',
  validateOnly: 'seulement vérifiées',
}

/** The import of a file. */
export const imports = {
  title: 'Importer un fichier',
  lead: 'Ajoutez à une liste les personnes d’un tableau. Vous voyez ce qui se passerait avant tout envoi.',
  noLists:
    'Cette clé ne permet d’utiliser aucune liste. Demandez à la personne qui exploite la passerelle d’en ajouter une.',
  way: 'Étapes d’un import',
  steps: ['Fichier', 'Colonnes', 'Vérification', 'Envoi'],
  list: 'Liste',
  /** @param {string} title */
  theList: (title) => `Les personnes vont dans la liste « ${title} ».`,
  /** @param {string} title */
  into: (title) => `vers la liste « ${title} »`,
  drop: 'Déposez un fichier ici, ou',
  choose: 'choisissez-en un',
  /** @param {string} most */
  kinds: (most) => `CSV ou Excel (.xlsx, sa première feuille), ${most} au plus`,
  nothingYet: 'Rien n’est encore envoyé : vous verrez d’abord ce que la passerelle a trouvé, et pourrez le vérifier.',
  oneFile: 'Déposez un seul fichier à la fois.',
  /** @param {string} name */
  emptyFile: (name) => `« ${name} » est vide. Exportez-le à nouveau.`,
  /** @param {string} name @param {string} size @param {string} most */
  tooLarge: (name, size, most) =>
    `« ${name} » fait ${size}, et ${most} est le maximum accepté. Divisez-le en fichiers plus petits.`,
  earlier: 'Imports précédents',
  when: 'Début',
  rows: 'Lignes',
  state: 'État',
  statuses: {
    queued: 'En attente',
    running: 'En cours',
    completed: 'Terminé',
    completed_with_errors: 'Terminé, avec des lignes refusées',
    failed: 'Échoué',
    canceled: 'Annulé',
  },
  reading: {
    workbook: 'Classeur Excel',
    /** @param {string} encoding @param {string} delimiter */
    text: (encoding, delimiter) => `CSV, ${encoding.toUpperCase()}, ${delimiter}`,
    /** @param {string} line */
    header: (line) => `Noms des colonnes à la ligne ${line}`,
    /** @param {string} rows @param {boolean} isAll */
    rows: (rows, isAll) => (isAll ? `${rows} lignes` : `${rows} premières lignes examinées`),
    notRead: 'Le fichier n’a pas encore pu être lu.',
    change: 'Lire le fichier autrement',
    byItself: 'Trouvé automatiquement',
    encoding: 'Encodage',
    delimiter: 'Entre les cellules',
    headerRow: 'Ligne des noms de colonnes',
    delimiters: /** @type {Readonly<Record<string, string>>} */ ({
      ',': 'des virgules entre les cellules',
      ';': 'des points-virgules entre les cellules',
      '\t': 'des tabulations entre les cellules',
      '|': 'des barres entre les cellules',
    }),
    encodings: /** @type {Readonly<Record<string, string>>} */ ({
      'windows-1252': 'Europe de l’Ouest (Windows)',
      'iso-8859-15': 'Europe de l’Ouest (ISO)',
      'windows-1250': 'Europe centrale',
      'windows-1251': 'Cyrillique',
      'windows-1253': 'Grec',
      'windows-1254': 'Turc',
      macintosh: 'Europe de l’Ouest (Mac)',
      gb18030: 'Chinois simplifié',
      big5: 'Chinois traditionnel',
      shift_jis: 'Japonais',
      'euc-kr': 'Coréen',
      'koi8-r': 'Russe (KOI8-R)',
    }),
  },
  columns: {
    title: 'Que contiennent les colonnes ?',
    looking: 'Examen du fichier…',
    /** @param {string} taken @param {string} all */
    heading: (taken, all) => `${taken} colonnes sur ${all} sont importées`,
    inFile: 'Colonne de votre fichier',
    samples: 'Par exemple',
    becomes: 'Devient',
    ignore: 'Non importée',
    attribute: 'Autre détail…',
    attributeName: 'Nom du détail',
    wrongAttribute: 'Commencez par une lettre ; ensuite lettres, chiffres et _ seulement.',
    empty: 'vide dans les lignes examinées',
    /** @param {string} n */
    nameless: (n) => `Colonne ${n}, sans nom`,
    /** @param {string} place @param {string} of */
    place: (place, of) => `Compte en position ${place} sur ${of} : la première qui n’est pas vide est prise.`,
    countFirst: 'Compter en premier',
    /** @param {string} name */
    countFirstNamed: (name) => `Compter en premier : ${name}`,
    /** @param {string} field */
    proposal: (field) => `Semble contenir : ${field}.`,
    takeIt: 'La prendre ainsi',
    pleaseCheck: 'À vérifier, s’il vous plaît.',
    remembered: 'Les colonnes sont telles que vous les aviez choisies pour un fichier semblable.',
    forget: 'Prendre plutôt ce que la passerelle a trouvé',
    noWay:
      'Aucune colonne n’est une adresse e-mail, un téléphone ou un numéro WhatsApp : personne ne pourrait être joint. Dites ci-dessus laquelle l’est.',
    go: 'Vérifier le fichier',
    otherFile: 'Un autre fichier',
    /** @param {string} rows @param {boolean} isAll */
    nothingSent: (rows, isAll) =>
      rows === ''
        ? 'Rien n’a été envoyé.'
        : `Rien n’a été envoyé. ${isAll ? `Les ${rows} lignes seront vérifiées` : 'Le fichier entier sera vérifié'} ensuite.`,
    /** @param {string} line */
    useHeaderRow: (line) => `Prendre la ligne ${line} pour les noms de colonnes`,
    /** @param {string} encoding */
    useEncoding: (encoding) => `Le lire en ${encoding}`,
    /** @param {string} count */
    notes: (count) => `À savoir sur ce fichier (${count})`,
    /** @param {string} count */
    moreNotes: (count) => `Et ${count} de plus.`,
    fields: {
      email: 'Adresse e-mail',
      phone: 'Numéro de téléphone',
      whatsapp: 'Numéro WhatsApp',
      name: 'Nom complet',
      firstName: 'Prénom',
      lastName: 'Nom de famille',
      tags: 'Étiquettes',
      ref: 'Votre propre référence',
      'phone.countryCode': 'Pays du numéro de téléphone',
      'whatsapp.countryCode': 'Pays du numéro WhatsApp',
    },
  },
  options: {
    numbers: 'Comment les numéros de téléphone sont-ils écrits ?',
    plus: 'Avec + et l’indicatif du pays',
    plusHint: '+33 6 12 34 56 78. Les autres sont montrés comme lignes à corriger.',
    national: 'Comme on les compose dans un pays',
    nationalHint: '06 12 34 56 78. Les numéros avec + restent tels quels.',
    international: 'Avec l’indicatif du pays, mais sans +',
    internationalHint: '33612345678',
    country: 'Pays',
    chooseCountry: 'Choisissez un pays…',
    conflict: 'Et les personnes qui y sont déjà ?',
    update: 'Les mettre à jour avec le contenu du fichier',
    skip: 'Les laisser telles quelles, là où le fournisseur le permet',
  },
  check: {
    title: 'Ce qui se passerait',
    uploading: 'Envoi du fichier à la passerelle',
    /** @param {string} done @param {string} rows */
    checking: (done, rows) => `${done} lignes sur ${rows} vérifiées`,
    nothingSent: 'Les lignes sont seulement vérifiées. Personne n’est encore ajouté.',
    /** @param {string} rows @param {number} count */
    ofRows: (rows, count) => `ligne${s(count)} sur ${rows}`,
    /** @param {string} rows @param {number} count */
    gotIn: (rows, count) => `ligne${s(count)} sur ${rows} ${count > 1 ? 'sont entrées' : 'est entrée'}`,
    /** @param {string} rows @param {number} count */
    wouldGetIn: (rows, count) => `ligne${s(count)} sur ${rows} ${count > 1 ? 'entreraient' : 'entrerait'}`,
    /** @param {string} text @param {number} count */
    getIn: (text, count) => `${text} ${count > 1 ? 'entrent' : 'entre'}`,
    /** @param {string} text @param {number} count */
    bad: (text, count) => `${text} n’${count > 1 ? 'entrent' : 'entre'} pas, voir ci-dessous`,
    /** @param {string} columns */
    ofColumns: (columns) => ` : ${columns}`,
    /** @param {string} text @param {string} reason @param {number} count */
    skipped: (text, reason, count) =>
      `${text} ${count > 1 ? 'sont laissées' : 'est laissée'} de côté : ${/** @type {Record<string, string>} */ (skipReasons)[reason] ?? reason}`,
    lost: 'Perdu en chemin',
    noLoss: 'Rien n’est perdu.',
    badRows: 'Lignes qui n’entrent pas',
    /** @param {string} good @param {string} mended @param {number} goodCount @param {number} mendedCount */
    send: (good, mended, goodCount, mendedCount) =>
      mendedCount === 0
        ? `Envoyer ${good} ligne${s(goodCount)}`
        : `Envoyer ${good} ligne${s(goodCount)} et ${mended} corrigée${s(mendedCount)}`,
    back: 'Retour aux colonnes',
    notSent: 'On ne sait pas si c’est arrivé. Réessayer est sans risque : rien n’est envoyé deux fois.',
    mendsNotSent:
      'Le fichier est envoyé ; les lignes corrigées ne le sont pas. Réessayer est sans risque : rien n’est envoyé deux fois.',
    nothingGetsIn: 'Aucune ligne n’entrerait. Corrigez les lignes ci-dessus, ou revenez aux colonnes.',
    /** @param {boolean} some */
    badStay: (some) =>
      some
        ? 'Les lignes corrigées partent après le fichier, vers les comptes auxquels elles manquent. Celles que vous n’avez pas corrigées restent dehors ; vous pourrez aussi les corriger plus tard.'
        : 'Les lignes refusées restent dehors ; vous pourrez aussi les corriger ensuite.',
  },
  skipReasons,
  losses,
  codes,
  notes,
  bad: {
    title: 'Lignes qui ne sont pas entrées',
    row: 'Ligne',
    why: 'Pourquoi',
    empty: 'vide',
    isMended: 'Corrigée, pas encore vérifiée',
    /** @param {string} text @param {number} count */
    atLeast: (text, count) => `au moins ${text} ligne${s(count)}`,
    /** @param {string} text @param {number} count */
    ofRows: (text, count) => `${text} ligne${s(count)}`,
    checkMended: 'Vérifier ce que vous avez corrigé',
    checkingMended: 'Vérification…',
    getsIn: 'Entre maintenant',
    stillBad: 'Pas encore correcte',
    hint: 'La cellule marquée est la cause.',
    mendHint: 'La cellule marquée est la cause. Corrigez-la sur place.',
    /** @param {string} count */
    onlyFirst: (count) =>
      `Voici les ${count} premières ; toutes sont dans errors.csv, à corriger dans un tableur et à importer comme tout fichier.`,
    /** @param {string} text @param {number} count */
    mended: (text, count) => (count === 1 ? 'Une ligne est corrigée.' : `${text} lignes sont corrigées.`),
    /** @param {string} column @param {string} row */
    cell: (column, row) => `${column}, ligne ${row}`,
    download: 'Télécharger errors.csv',
    /** @param {string} text @param {number} count */
    sendMended: (text, count) =>
      count === 0
        ? 'Corrigez une ligne pour l’importer à nouveau'
        : `Importer ${text} ligne${s(count)} corrigée${s(count)}`,
    someMended:
      'Les lignes corrigées avant l’envoi figurent ici aussi : elles ne sont pas entrées avec ce fichier, mais entrent avec les lignes corrigées.',
  },
  watch: {
    title: 'Import en cours',
    ended: 'Import terminé',
    /** @param {string} rows @param {string} list @param {string} at @param {number} count */
    what: (rows, list, at, count) => `${rows} ligne${s(count)} vers la liste « ${list} », début ${at}`,
    outcome: 'Ce que sont devenues les lignes',
    mayClose: 'Vous pouvez fermer cette page : l’import continue, et se trouve sous « Imports précédents ».',
    queued: 'Attend son tour',
    /** @param {string} done @param {string} rows */
    done: (done, rows) => `${done} lignes sur ${rows} traitées`,
    begins: 'Il commence…',
    /** @param {string} rows */
    rate: (rows) => `${rows} lignes par seconde`,
    /** @param {string} time */
    left: (time) => `encore ${time} environ`,
    cancel: 'Annuler l’import',
    canceling: 'Annulation…',
    cancelHint: 'Ce qui est envoyé reste envoyé.',
    lost: 'La passerelle ne répond pas pour le moment.',
    goesOn: 'Cette page réessaie d’elle-même. L’import n’a pas besoin d’elle.',
    mended: 'Vos lignes corrigées entrent par un import à part.',
    lookAtMended: 'Le voir',
    toStart: 'Retour aux imports',
    allIn: 'Tout est fait.',
    allInHint: 'Aucune ligne n’a été refusée.',
    canceled: 'Il a été annulé. Ce qui était envoyé avant reste envoyé.',
    another: 'Importer un autre fichier',
    nothingYet: 'Encore rien',
  },
  outcomes: {
    created: (/** @type {number} */ count) => `créée${s(count)}`,
    updated: (/** @type {number} */ count) => `mise${s(count)} à jour`,
    accepted: (/** @type {number} */ count) => `acceptée${s(count)}`,
    skipped: (/** @type {number} */ count) => `laissée${s(count)} de côté`,
    unknown: (/** @type {number} */ count) => `inconnue${s(count)}`,
    failed: (/** @type {number} */ count) => `échouée${s(count)}`,
    rejected: (/** @type {number} */ count) => `refusée${s(count)}`,
    pending: (/** @type {number} */ _count) => 'à venir',
    notSent: (/** @type {number} */ count) => `non envoyée${s(count)}`,
  },
  outcomeHints: /** @type {Readonly<Record<string, string>>} */ ({
    accepted: 'Le fournisseur les a prises, et ne dit pas si elles étaient nouvelles.',
    unknown: 'Elles sont peut-être arrivées ; aucune réponse utilisable n’est venue.',
    failed: 'Certainement pas arrivées. Importez-les à nouveau.',
  }),
}
