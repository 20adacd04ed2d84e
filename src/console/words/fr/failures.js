/** What went wrong, and what to do. */
export const failures = {
  offline: {
    title: 'La passerelle ne répond pas.',
    what: 'Elle redémarre peut-être, ou votre réseau est coupé. Rien de ce que vous avez saisi n’est perdu : réessayez dans un instant.',
  },
  /** @param {number} status */
  unreadable: (status) => ({
    title: 'La réponse n’a pas pu être lue.',
    what: `Quelque chose entre cette page et la passerelle a répondu à sa place${status > 0 ? ` (statut ${status})` : ''}. Réessayez dans un instant ; si cela dure, prévenez la personne qui exploite la passerelle.`,
  }),
  other: { title: 'Cela n’a pas fonctionné.', what: '' },
  /** @param {string} time */
  wait: (time) => `Attendez ${time}, puis réessayez.`,
  named: 'Pour la personne qui exploite la passerelle, il s’agissait de',
  /** Problems of which nothing more need be said. */
  speakForThemselves: new Set(['unauthorized', 'network-not-allowed', 'internal', 'overloaded', 'draining']),
  /**
   * What is wrong with what was said, by place; what is wrong with an address stands among the reasons of rows.
   * @type {Readonly<Record<string, string>>}
   */
  places: {
    unknown_column: 'Une colonne nommée n’est pas dans le fichier.',
    unknown_target: 'Une colonne ne peut pas devenir ce qui a été choisi.',
    other_target: 'Une colonne mise en premier n’appartient pas à ce champ.',
    no_number: 'Une colonne est le pays d’un numéro, et aucune n’est ce numéro.',
    no_such_line: 'Le fichier n’a pas cette ligne.',
    unknown_encoding: 'Cet encodage n’existe pas.',
    wrong_encoding: 'Le fichier n’est pas dans cet encodage.',
    unknown_country: 'Ce pays n’existe pas.',
    beside_default_country: 'Un pays et « avec l’indicatif » s’excluent.',
    one_address_required: 'Il faut une adresse : un numéro de téléphone ou un e-mail.',
    time_invalid: 'La date doit être passée.',
    holds_address: 'N’écrivez pas l’adresse dans le texte : il est conservé, et l’adresse ne doit pas l’être.',
    channel_impossible: 'Cette adresse ne peut pas être jointe ainsi.',
  },
  byCode: {
    unauthorized: {
      title: 'Cette clé n’est pas acceptée.',
      what: 'Elle est peut-être mal saisie, expirée ou révoquée. Collez-la en entier, à partir de cgw_, ou demandez-en une nouvelle.',
    },
    'network-not-allowed': {
      title: 'Cette clé ne peut pas être utilisée d’ici.',
      what: 'Elle est liée à certains réseaux, comme ceux d’un bureau. Demandez à la personne qui exploite la passerelle d’ajouter le vôtre.',
    },
    'scope-missing': {
      title: 'Cette clé ne permet pas cela.',
      what: 'Demandez à la personne qui exploite la passerelle, ou utilisez une autre clé.',
    },
    'not-found': { title: 'Il n’y a rien ici.', what: 'C’est supprimé, ou cette clé ne permet pas de le voir.' },
    'rate-limited': { title: 'Trop de requêtes.', what: 'Cette clé a demandé tout ce qu’elle peut pour le moment.' },
    'too-many-imports': {
      title: 'Trop d’imports à la fois.',
      what: 'Attendez que l’un se termine, ou annulez-en un.',
    },
    'too-many-suppressions': { title: 'Trop d’entrées pour aujourd’hui.', what: '' },
    'payload-too-large': { title: 'C’est trop volumineux.', what: '' },
    'file-unreadable': {
      title: 'Le fichier ne peut pas être lu ainsi.',
      what: 'Lisez-le autrement, ou exportez-le à nouveau en CSV UTF-8.',
    },
    'unsupported-media-type': {
      title: 'Ce type de fichier n’est pas accepté.',
      what: 'Enregistrez-le en CSV ou en .xlsx.',
    },
    'validation-failed': { title: 'Quelque chose est à corriger.', what: '' },
    'store-unavailable': {
      title: 'La passerelle n’atteint pas sa base.',
      what: 'Réessayez dans un instant : rien n’est fait deux fois.',
    },
    'idempotency-unavailable': {
      title: 'La passerelle n’atteint pas sa base.',
      what: 'Rien n’a été envoyé. Réessayez dans un instant.',
    },
    'idempotency-in-progress': { title: 'C’est encore en cours.', what: 'Réessayez dans un instant.' },
    'import-unfinished': { title: 'L’import continue.', what: 'Annulez-le d’abord, ou attendez sa fin.' },
    overloaded: {
      title: 'La passerelle a trop à faire.',
      what: 'Rien n’a été envoyé. Réessayez dans un instant.',
    },
    draining: { title: 'La passerelle redémarre.', what: 'Réessayez dans un instant.' },
    'deadline-exceeded': { title: 'Cela a pris trop de temps.', what: 'Réessayez.' },
    'malformed-json': { title: 'La passerelle n’a pas compris cette page.', what: 'Rechargez la page.' },
    'malformed-request': { title: 'La passerelle n’a pas compris cette page.', what: 'Rechargez la page.' },
    'headers-too-large': { title: 'La passerelle n’a pas compris cette page.', what: 'Rechargez la page.' },
    'method-not-allowed': {
      title: 'Cette passerelle ne fait pas cela.',
      what: 'Rechargez la page : la passerelle est peut-être plus récente.',
    },
    'account-required': { title: 'Plusieurs comptes peuvent le faire.', what: 'Il faut en nommer un.' },
    'invalid-cursor': { title: 'La liste a changé entre-temps.', what: 'Rechargez la page.' },
    'idempotency-key-missing': { title: 'La passerelle n’a pas compris cette page.', what: 'Rechargez la page.' },
    'idempotency-key-invalid': { title: 'La passerelle n’a pas compris cette page.', what: 'Rechargez la page.' },
    'idempotency-key-reused': {
      title: 'Cela a déjà été envoyé, sous une autre forme.',
      what: 'Rien n’a été envoyé maintenant. Rechargez la page, puis réessayez.',
    },
    'request-timeout': {
      title: 'Ce n’est pas arrivé à temps.',
      what: 'Réessayez, si possible avec une meilleure connexion.',
    },
    conflict: { title: 'Le fournisseur se contredit.', what: 'Réessayez dans un instant.' },
    'loss-not-accepted': { title: 'Quelque chose serait perdu.', what: 'Rien n’a donc été modifié.' },
    'unsupported-filter': { title: 'Le fournisseur ne sait pas chercher ainsi.', what: 'Cherchez autrement.' },
    'contact-rejected': { title: 'Le fournisseur n’accepte pas cette personne ainsi.', what: '' },
    'operation-not-supported': {
      title: 'Le fournisseur ne sait pas faire cela.',
      what: 'Voyez directement dans le compte chez lui.',
    },
    'provider-credentials': {
      title: 'Le fournisseur n’accepte pas la passerelle.',
      what: 'Rien n’a été fait. Prévenez la personne qui l’exploite.',
    },
    'provider-unavailable': { title: 'Le fournisseur est en panne.', what: 'Réessayez plus tard.' },
    'provider-unreadable': {
      title: 'La réponse du fournisseur est illisible.',
      what: 'Prévenez la personne qui exploite la passerelle.',
    },
    'provider-busy': { title: 'Le fournisseur a trop à faire.', what: 'Rien n’a été fait. Réessayez plus tard.' },
    'outcome-unknown': {
      title: 'Le fournisseur n’a pas répondu.',
      what: 'C’est peut-être fait malgré tout. Réessayez : rien n’est fait deux fois.',
    },
    internal: {
      title: 'La passerelle a commis une erreur.',
      what: 'Réessayez ; si cela dure, prévenez la personne qui l’exploite.',
    },
  },
}
