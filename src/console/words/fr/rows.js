/**
 * Why a row did not get in, by the code that the API tells: what is the matter, and what to do.
 * @type {Readonly<Record<string, { what: string, mend: string }>>}
 */
export const codes = {
  identifier_required: {
    what: 'Aucune adresse',
    mend: 'Indiquez un e-mail, un numéro de téléphone ou un numéro WhatsApp.',
  },
  name_required: { what: 'Pas de nom', mend: 'Le compte n’accepte personne sans nom : indiquez-le.' },
  email_required: { what: 'Pas d’e-mail', mend: 'Le compte n’accepte personne sans e-mail : indiquez-le.' },
  phone_required: { what: 'Pas de téléphone', mend: 'Le compte n’accepte personne sans numéro : indiquez-le.' },
  phone_not_e164: {
    what: 'Pas d’indicatif de pays',
    mend: 'Commencez le numéro par + et l’indicatif, ou dites sous « Colonnes » comment les numéros sont écrits.',
  },
  phone_invalid: {
    what: 'Numéro non valable',
    mend: 'Comparez ses chiffres et son indicatif avec ce que la personne vous a donné.',
  },
  phone_ambiguous: {
    what: 'Peut-être deux numéros différents',
    mend: 'Écrivez-le avec + et l’indicatif du pays.',
  },
  phone_not_changeable: {
    what: 'Le numéro ne peut pas y être modifié',
    mend: 'Ajoutez la personne avec le nouveau numéro.',
  },
  email_invalid: { what: 'E-mail non valable', mend: 'Écrivez-le sous la forme nom@domaine.exemple.' },
  tag_too_long: { what: 'Étiquette trop longue', mend: 'Raccourcissez-la.' },
  too_many_tags: { what: 'Trop d’étiquettes', mend: 'Enlevez-en.' },
  value_too_long: { what: 'Trop long', mend: 'Raccourcissez le texte.' },
  json_invalid: {
    what: 'Illisible',
    mend: 'Laissez crochets et guillemets comme dans errors.csv, ou écrivez un simple texte sans eux.',
  },
  country_code_invalid: {
    what: 'Pays inconnu',
    mend: 'Écrivez ses deux lettres, comme FR, ou son indicatif, comme +33.',
  },
  formula_without_value: {
    what: 'Formule sans valeur',
    mend: 'Ouvrez le classeur dans un tableur, enregistrez-le et importez-le à nouveau.',
  },
  too_few_cells: {
    what: 'Trop peu de cellules',
    mend: 'Il manque des cellules à la fin de la ligne. Comparez-la avec les noms de colonnes.',
  },
  too_many_cells: {
    what: 'Trop de cellules',
    mend: 'Le signe entre les cellules figure peut-être dans un texte sans guillemets.',
  },
  rejected_by_provider: {
    what: 'Refusée par le fournisseur',
    mend: 'Changez ce qui ne lui convient pas, puis réessayez.',
  },
  blacklisted: {
    what: 'Sur la liste du fournisseur',
    mend: 'Il tient sa propre liste de personnes à ne pas contacter. Elle ne se change que chez lui.',
  },
  suppressed: {
    what: 'Ne veut pas être contactée',
    mend: 'Rien n’a été envoyé. Sous « Personnes », vous voyez qui l’a dit, et quand.',
  },
  conflict: {
    what: 'Le fournisseur se contredit',
    mend: 'Il dit avoir ce numéro, et ne le montre pas. Réimportez la ligne dans un instant.',
  },
  not_found: {
    what: 'Inconnu du fournisseur',
    mend: 'Prévenez la personne qui exploite la passerelle : la liste y est peut-être mal indiquée.',
  },
  not_on_list: {
    what: 'Pas dans la liste',
    mend: 'Le fournisseur a la personne, et la montre sans la liste. Réimportez la ligne.',
  },
  no_target: {
    what: 'Aucun compte pour cette personne',
    mend: 'La liste est destinée à d’autres. La personne qui exploite la passerelle peut dire auxquels.',
  },
  not_for_this_target: {
    what: 'Le compte est désormais destiné à d’autres',
    mend: 'C’est peut-être arrivé avant ce changement. Vérifiez chez le fournisseur.',
  },
  unknown_account: {
    what: 'La liste n’a pas ce compte',
    mend: 'Laissez _account vide pour tous les comptes de la liste.',
  },
  account_removed: {
    what: 'Le compte a été retiré entre-temps',
    mend: 'Prévenez la personne qui exploite la passerelle, puis réimportez ces lignes.',
  },
  erased: {
    what: 'La personne a été effacée entre-temps',
    mend: 'Le récépissé de l’effacement le dit pour chaque compte.',
  },
  provider_credentials: {
    what: 'Le fournisseur n’accepte pas la passerelle',
    mend: 'Prévenez la personne qui l’exploite, puis réimportez ces lignes.',
  },
  provider_limit_reached: {
    what: 'Le forfait chez le fournisseur est épuisé',
    mend: 'Quelqu’un doit s’en occuper chez lui ; réimportez ces lignes ensuite.',
  },
  provider_too_large: {
    what: 'Trop volumineux pour le fournisseur',
    mend: 'Raccourcissez la ligne, ou prévenez la personne qui exploite la passerelle.',
  },
  provider_misaddressed: {
    what: 'Le fournisseur a changé d’adresse',
    mend: 'Prévenez la personne qui exploite la passerelle, puis réimportez ces lignes.',
  },
  provider_rate_limited: { what: 'Trop rapide pour le fournisseur', mend: 'Réimportez ces lignes plus tard.' },
  provider_unreachable: { what: 'Fournisseur injoignable', mend: 'Réimportez ces lignes plus tard.' },
  provider_unavailable: {
    what: 'Le fournisseur était en panne',
    mend: 'C’est peut-être arrivé malgré tout. Réimporter est sans risque.',
  },
  provider_timeout: {
    what: 'Pas de réponse à temps',
    mend: 'C’est peut-être arrivé malgré tout. Réimporter est sans risque.',
  },
  provider_unreadable: {
    what: 'Réponse illisible',
    mend: 'C’est peut-être arrivé. Vérifiez chez le fournisseur.',
  },
  provider_redirect: {
    what: 'Le fournisseur a renvoyé ailleurs',
    mend: 'C’est peut-être arrivé. Prévenez la personne qui exploite la passerelle.',
  },
  provider_busy: { what: 'Trop de choses attendaient', mend: 'Rien n’a été envoyé. Réimportez ces lignes plus tard.' },
  breaker_open: {
    what: 'Le fournisseur a trop souvent échoué',
    mend: 'Rien n’y a été envoyé pendant un moment. Réimportez ces lignes plus tard.',
  },
  deadline_exceeded: { what: 'Le temps était écoulé', mend: 'Rien n’a été envoyé. Réimportez ces lignes.' },
  isolation_budget_exhausted: {
    what: 'Trop de refus à la fois',
    mend: 'La passerelle n’a plus cherché quelles lignes étaient refusées. Corrigez les autres, puis réimportez celles-ci.',
  },
  store_unavailable: {
    what: 'La passerelle n’atteignait plus sa base',
    mend: 'Rien n’a été envoyé. Réimportez ces lignes plus tard.',
  },
  suppressions_unavailable: {
    what: 'Impossible de savoir si la personne s’est désinscrite',
    mend: 'Rien n’a donc été envoyé. Réimportez ces lignes plus tard.',
  },
  taken_over: {
    what: 'Un autre processus a continué',
    mend: 'C’est peut-être arrivé. Réimporter est sans risque.',
  },
  internal: {
    what: 'Une erreur de la passerelle',
    mend: 'C’est peut-être arrivé. Prévenez la personne qui exploite la passerelle.',
  },
}
