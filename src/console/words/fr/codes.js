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
  not_for_this_target: 'personnes auxquelles le compte n’est pas destiné',
  value_normalized: 'valeurs écrites autrement',
  duplicate_in_batch: 'personnes qui figurent deux fois',
  validate_only: 'lignes seulement vérifiées',
  shown_as_sent: 'personnes montrées telles qu’envoyées',
  contacts_left_out: 'personnes qui n’ont pas pu être montrées',
}

/**
 * What is to be known of a file. Where the accounts are told it is so at them alone.
 * @type {Readonly<Record<string, (column: string, accounts: string) => string>>}
 */
export const notes = {
  column_ignored: (column) => `« ${column} » n’est pas importée.`,
  columns_merged: (column) =>
    `« ${column} » forme un seul champ avec d’autres colonnes : de chaque ligne, la première qui n’est pas vide compte.`,
  name_is_first_name: (column) =>
    `« ${column} » est prise pour le prénom, à côté du nom de famille. Si c’est le nom complet, choisissez-le ci-dessus.`,
  name_is_last_name: (column) =>
    `« ${column} » est prise pour le nom de famille, à côté du prénom. Si c’est le nom complet, choisissez-le ci-dessus.`,
  placeholder_ignored: (column) =>
    `Les cellules de « ${column} » qui disent qu’il n’y a pas de valeur, comme N/A, comptent comme vides.`,
  group_ignored: (column) =>
    `« ${column} » contient des groupes où figure tout contact Google. Ils ne deviennent pas des étiquettes.`,
  encoding_doubtful: (column) =>
    `Des textes de « ${column} » semblent abîmés, comme par un mauvais encodage. Comparez les exemples ci-dessus avec votre fichier.`,
  formula_without_value: (column) =>
    `« ${column} » contient des formules dont la valeur n’est pas dans le fichier. Ouvrez-le dans un tableur, enregistrez-le et choisissez-le à nouveau.`,
  report_is_csv: () =>
    'Les lignes d’un classeur qui n’entrent pas reviennent dans errors.csv, que les tableurs savent ouvrir.',
  sheets_ignored: () => 'Le classeur a plusieurs feuilles. Seule la première est importée.',
  option_ignored: () =>
    'Un classeur n’a besoin ni d’encodage ni de signe entre les cellules : ce qui a été choisi là ne compte pas.',
  field_dropped: (column, accounts) => `« ${column} » n’est pas envoyée à ${accounts}, ou pas pour chaque ligne.`,
  tag_dropped: (column, accounts) =>
    `« ${column} » n’est pas envoyée à ${accounts} : aucune étiquette n’y est conservée.`,
  attribute_dropped: (column, accounts) =>
    `« ${column} » n’est pas envoyée à ${accounts} : de tels détails n’y sont pas conservés.`,
}
