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
    'file-unreadable': { title: 'Le fichier ne peut pas être lu ainsi.', what: '' },
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
    internal: {
      title: 'La passerelle a commis une erreur.',
      what: 'Réessayez ; si cela dure, prévenez la personne qui l’exploite.',
    },
  },
}
