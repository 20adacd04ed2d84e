/** @param {number} count */
const s = (count) => (count > 1 ? 's' : '')

/** People: where somebody is, opting out, erasing. */
export const people = {
  title: 'Trouver une personne',
  lead: 'Voyez dans quels comptes se trouve quelqu’un, s’il s’est désinscrit, et que faire quand il demande qu’on le laisse tranquille ou qu’on l’oublie.',
  leadWithoutSearch: 'Cette clé ne permet pas de chercher des personnes, mais de noter ce qu’elles souhaitent.',
  label: 'Numéro de téléphone ou adresse e-mail',
  hint: 'Un téléphone avec + et l’indicatif du pays. La recherche est notée dans le journal d’audit de la passerelle.',
  find: 'Chercher',
  goOn: 'Continuer',
  asking: 'Tous les comptes sont interrogés…',
  /** @param {number} found @param {number} all */
  result: (found, all) =>
    found === 0 ? 'Trouvée dans aucun compte' : `Trouvée dans ${found} compte${s(found)} sur ${all}`,
  notOptedOut: 'Pas sur la liste d’exclusion : rien n’empêche de contacter cette adresse.',
  /** @param {string} hint @param {string} where */
  optedOut: (hint, where) => `${hint} ne doit pas être contactée ${where}.`,
  outOf: { '*': 'du tout', email: 'par e-mail', sms: 'par SMS', whatsapp: 'par WhatsApp' },
  /** @param {string} at @param {string} source */
  said: (at, source) => `dit le ${at}, par « ${source} »`,
  incomplete: 'Il y a des comptes que cette clé ne permet pas d’utiliser : la personne peut s’y trouver aussi.',
  statuses: {
    found: 'Trouvée',
    not_found: 'Absente',
    not_readable: 'Nul ne peut le savoir',
    failed: 'Pas de réponse cette fois',
  },
  statusHints: {
    found: 'Il peut y en avoir d’autres : le compte n’a pas pu être sollicité sur tout.',
    not_found: 'Le compte n’a personne à cette adresse.',
    not_readable: 'Le fournisseur ne sait pas chercher ainsi. Voyez directement dans le compte chez lui.',
    failed: 'Le compte n’a pas pu être sollicité : la personne peut s’y trouver. Cherchez à nouveau plus tard.',
  },
  created: 'Créée',
  changed: 'Modifiée',
  active: 'Dernière activité',
  actions: 'Ce que la personne souhaite',
  optOut: 'Désinscrire',
  optOutMore: 'Désinscrire à nouveau',
  erase: 'Effacer',
  channel: 'Où la personne ne doit-elle plus être contactée ?',
  channels: {
    '*': 'Nulle part',
    email: 'Par e-mail',
    sms: 'Par SMS',
    whatsapp: 'Par WhatsApp',
  },
  reason: 'Pourquoi',
  reasons: {
    opt_out: 'Ne veut plus rien recevoir',
    complaint: 'S’est plainte',
    bounce: 'N’a pas pu être jointe',
    manual: 'Décidé ici',
    erasure: 'A été effacée',
  },
  note: 'Note, sans l’adresse',
  /** @param {string} text */
  optOutTitle: (text) => `Désinscrire ${text}`,
  optOutHint:
    'Cela vaut chez tous les fournisseurs et pour toutes les listes, dès maintenant. L’adresse elle-même n’est pas conservée.',
  optOutGo: 'Désinscrire',
  /** @param {string} text */
  optOutDone: (text) => `${text} est désinscrite.`,
  optOutDoneHint: 'Toute demande qui commence à partir de maintenant laisse cette adresse de côté.',
  /** @param {string} text */
  eraseTitle: (text) => `Effacer ${text}`,
  eraseLead:
    'La personne est exclue pour de bon, supprimée de tous les comptes qui peuvent être sollicités, et retirée des imports. Vous recevez un récépissé, avec ce qui reste à faire à la main.',
  reference: 'Votre référence de dossier',
  typeAgain: 'Saisissez l’adresse à nouveau',
  eraseGo: 'Effacer pour de bon',
  cannotUndo: 'C’est irréversible.',
  previewStatuses: {
    pending: 'Sera sollicité pour supprimer',
    not_found: 'Personne',
    by_hand: 'À la main',
  },
  receipt: 'Effacement',
  receiptNumber: 'Numéro',
  who: 'Qui',
  receivedHere: 'Reçu',
  due: 'À faire avant le',
  finished: 'Achevé',
  suppressedFor: 'Exclue',
  /** @param {string} text @param {number} count */
  entries: (text, count) => `pour de bon, ${text} entrée${s(count)}`,
  inImports: 'Dans les imports',
  /** @param {string} text @param {number} count */
  rowsErased: (text, count) =>
    count === 0 ? 'aucune ligne de cette personne n’y était' : `${text} ligne${s(count)} retirée${s(count)}`,
  rowsPending: 'en cours d’examen',
  heldUntil: 'Copies qu’aucune recherche ne trouve, disparues le',
  atAccounts: 'Dans chaque compte',
  erasureStatuses: {
    running: 'En cours',
    needs_person: 'A besoin de vous',
    completed: 'Achevé',
    deleted: 'Supprimée',
    not_found: 'Personne',
    by_hand: 'À faire à la main',
    pending: 'En cours',
    failed: 'Abandonné',
    done_by_hand: 'Fait à la main',
  },
  accountHints: {
    deleted: 'Le fournisseur l’a confirmé, et a été sollicité une fois de plus.',
    not_found: 'Le fournisseur n’a personne à cette adresse.',
    by_hand:
      'Le fournisseur ne peut pas le faire sur demande. Cherchez l’adresse dans son interface, et supprimez-y la personne.',
    pending: 'Le fournisseur est sollicité.',
    failed:
      'Le fournisseur ne l’a pas confirmé pendant trois jours. Supprimez la personne à la main, ou faites réessayer.',
    done_by_hand: 'Quelqu’un l’a fait à la main.',
  },
  askedAgain: 'La passerelle lui redemande par sécurité, sans que vous ayez rien à faire.',
  erasureLeads: {
    running: 'Les comptes sont sollicités. Vous pouvez fermer cette page : son adresse reste valable.',
    needs_person: 'Il reste quelque chose que seule une personne peut faire. Dites-le ici quand c’est fait.',
    completed: 'Tout est fait. Cette page est le récépissé.',
  },
  /** @param {string} text @param {number} count */
  attempts: (text, count) => (count === 1 ? 'sollicité une fois' : `sollicité ${text} fois`),
  /** @param {string} by */
  doneBy: (by) => `fait par ${by}`,
  /** @param {string} account */
  byHandTitle: (account) => `Fait à la main dans ${account}`,
  by: 'Votre nom',
  isDone: 'C’est fait',
  retry: 'Réessayer',
  addressesKept: 'L’adresse est montrée jusqu’à ce que tout soit fait ; ensuite elle est oubliée ici aussi.',
  addressesGone: 'L’adresse elle-même n’est plus conservée ici.',
  print: 'Imprimer',
  another: 'Une autre personne',
}
