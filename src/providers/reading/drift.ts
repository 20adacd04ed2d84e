/** Every way in which an answer may differ from its documented form and be read all the same. A closed list: it labels a metric. */
export const driftKinds = [
  /** A byte order mark, or a compression that nobody asked for. */
  'encoding',
  /** Another code of 2xx than the documented one. */
  'status',
  /** JSON inside a JSON text. */
  'json_text',
  /** One member more, or one less, around what was looked for. */
  'envelope',
  /** A list as an object with numbers for names, as a text, or of objects where texts were meant. */
  'list_form',
  /** `null`, or nothing at all, where an empty list was meant. */
  'null_list',
  /** A number where a text was meant, or the other way round. */
  'number_form',
  /** A phone number that is not in E.164. */
  'phone_form',
  /** A time without its zone, as a number, or as an object. */
  'time_form',
  /** A member of a type that says nothing: it was left out. */
  'member_type',
  /** An item of a list that names nobody: it was left out. */
  'item_left_out',
  /** The end of a list is told in another way, or by a 404, or not at all. */
  'page_marks',
  /** The list holds people that a filter should have kept out. */
  'filter_ignored',
  /** An error in another form. */
  'error_form',
] as const
export type DriftKind = (typeof driftKinds)[number]

/** Told of each difference that was bridged in reading an answer; never of a value. */
export type NoteDrift = (kind: DriftKind) => void

/** For readings that nobody counts. */
export const unnoted: NoteDrift = () => {}
