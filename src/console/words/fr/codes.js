/** What is lost on the way to an account, after a count. */
export const losses = {
  field_dropped: 'valeurs qui n’y sont pas conservées',
  tag_dropped: 'étiquettes qui n’y sont pas conservées',
  attribute_dropped: 'détails qui n’y sont pas conservés',
  name_not_split: 'noms complets placés dans une seule partie du nom',
  best_effort: 'valeurs que le fournisseur peut ignorer',
  policy_not_enforced: 'personnes peut-être déjà présentes, quel que soit le choix',
  tags_may_be_replaced: 'étiquettes peut-être remplacées',
  not_cleared: 'valeurs qui n’ont pas pu être effacées',
  created_by_update: 'personnes créées par une mise à jour',
  changed_by_provider: 'valeurs modifiées par le fournisseur',
  not_on_list: 'personnes qui ne sont pas dans la liste',
  duplicate_in_file: 'lignes d’une personne déjà présente plus haut',
  placeholder_ignored: 'cellules qui disent qu’il n’y a pas de valeur',
  group_ignored: 'groupes qui ne sont pas des étiquettes',
  column_merged: 'deuxièmes valeurs d’un champ : de plusieurs colonnes, la première compte',
  formula_without_value: 'formules dont la valeur n’est pas dans le fichier',
  field_suppressed: 'adresses à ne pas utiliser',
  suppressed: 'personnes qui ne veulent pas être contactées',
  no_target: 'personnes auxquelles aucun compte n’est destiné',
}

/**
 * Why a row did not get in; the gateway's own words, which are English, stand beside.
 * @type {Readonly<Record<string, string>>}
 */
export const codes = {
  identifier_required: 'La ligne n’a aucune adresse : il faut un e-mail, un téléphone ou un numéro WhatsApp.',
  name_required: 'Un nom y est nécessaire.',
  email_required: 'Une adresse e-mail y est nécessaire.',
  phone_required: 'Un numéro de téléphone y est nécessaire.',
  phone_not_e164:
    'Le numéro n’a pas d’indicatif de pays. Commencez-le par + et l’indicatif, ou dites sous « Colonnes » comment les numéros sont écrits.',
  phone_invalid: 'Ce numéro n’est pas valable. Vérifiez ses chiffres et son indicatif.',
  phone_ambiguous: 'Ce pourrait être deux numéros différents. Écrivez-le avec + et l’indicatif du pays.',
  email_invalid: 'Ce n’est pas une adresse e-mail. Écrivez-la sous la forme nom@domaine.exemple.',
  tag_too_long: 'Une étiquette est trop longue.',
  value_too_long: 'Une valeur est trop longue.',
  rejected_by_provider: 'Le fournisseur l’a refusée.',
  blacklisted: 'Le fournisseur a cette personne dans sa propre liste de personnes à ne pas contacter.',
  no_target: 'Aucun compte de cette liste n’est destiné à cette personne.',
  suppressed: 'Cette personne ne veut pas être contactée.',
  too_few_cells: 'La ligne a trop peu de cellules.',
  too_many_cells: 'La ligne a trop de cellules.',
  provider_timeout: 'Le fournisseur n’a pas répondu à temps.',
  provider_unavailable: 'Le fournisseur était en panne.',
  provider_unreachable: 'Le fournisseur n’a pas pu être joint.',
  provider_busy: 'Le fournisseur avait trop à faire.',
  provider_rate_limited: 'Le fournisseur veut être sollicité plus lentement.',
  provider_limit_reached: 'Le forfait chez le fournisseur est épuisé.',
  provider_credentials:
    'Le fournisseur a refusé les identifiants de la passerelle. Prévenez la personne qui l’exploite.',
  breaker_open: 'Le fournisseur a trop souvent échoué : rien n’y a été envoyé pendant un moment.',
}

/** What is to be known of a file, where the gateway says it in words for programs. */
export const notes = {
  /** @param {string} column */
  encoding_doubtful: (column) =>
    `Des textes de « ${column} » semblent abîmés, comme par un mauvais encodage. Comparez les exemples ci-dessus avec votre fichier.`,
}
