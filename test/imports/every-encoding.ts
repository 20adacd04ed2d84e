/** The encodings of the Encoding Standard that hold text, by name: https://encoding.spec.whatwg.org/#names-and-labels. */
export const singleByteEncodings = [
  'ibm866',
  'iso-8859-2',
  'iso-8859-3',
  'iso-8859-4',
  'iso-8859-5',
  'iso-8859-6',
  'iso-8859-7',
  'iso-8859-8',
  'iso-8859-8-i',
  'iso-8859-10',
  'iso-8859-13',
  'iso-8859-14',
  'iso-8859-15',
  'iso-8859-16',
  'koi8-r',
  'koi8-u',
  'macintosh',
  'windows-874',
  'windows-1250',
  'windows-1251',
  'windows-1252',
  'windows-1253',
  'windows-1254',
  'windows-1255',
  'windows-1256',
  'windows-1257',
  'windows-1258',
  'x-mac-cyrillic',
  'x-user-defined',
] as const

export const multiByteEncodings = ['gbk', 'gb18030', 'big5', 'euc-jp', 'iso-2022-jp', 'shift_jis', 'euc-kr'] as const

export const everyEncoding = ['utf-8', 'utf-16le', 'utf-16be', ...singleByteEncodings, ...multiByteEncodings] as const

/** Names that can be written in each. */
const names: Readonly<Record<string, readonly [string, string]>> = {
  ibm866: ['Иван', 'Анна'],
  'iso-8859-2': ['Łukasz', 'Šárka'],
  'iso-8859-3': ['Ġorġ', 'Ħal'],
  'iso-8859-4': ['Ēriks', 'Ģirts'],
  'iso-8859-5': ['Иван', 'Анна'],
  'iso-8859-6': ['محمد', 'ليلى'],
  'iso-8859-7': ['Γιώργος', 'Μαρία'],
  'iso-8859-8': ['יוסף', 'שרה'],
  'iso-8859-8-i': ['יוסף', 'שרה'],
  'iso-8859-10': ['Ásta', 'Øyvind'],
  'iso-8859-13': ['Jānis', 'Žanete'],
  'iso-8859-14': ['Siân', 'Ŵyn'],
  'iso-8859-15': ['Zoé', 'Œuvre'],
  'iso-8859-16': ['Ștefan', 'Țuca'],
  'koi8-r': ['Иван', 'Анна'],
  'koi8-u': ['Їжак', 'Олена'],
  'windows-874': ['สมชาย', 'มาลี'],
  'windows-1250': ['Łukasz', 'Šárka'],
  'windows-1251': ['Иван', 'Анна'],
  'windows-1253': ['Γιώργος', 'Μαρία'],
  'windows-1254': ['Ayşe', 'İbrahim'],
  'windows-1255': ['יוסף', 'שרה'],
  'windows-1256': ['محمد', 'ليلى'],
  'windows-1257': ['Jānis', 'Žanete'],
  'windows-1258': ['Đư\u0301c', 'Hùng'],
  'x-mac-cyrillic': ['Иван', 'Анна'],
  'x-user-defined': ['Zo\uf7e9', 'J\uf7fcrgen'],
  gbk: ['王伟', '李娜'],
  gb18030: ['王伟', '𠮷野'],
  big5: ['陳美玲', '林志明'],
  'euc-jp': ['山田太郎', 'さくら'],
  'iso-2022-jp': ['山田太郎', 'さくら'],
  shift_jis: ['山田太郎', 'さくら'],
  'euc-kr': ['김민수', '이영희'],
  'utf-8': ['Zoé', '𠮷野'],
  'utf-16le': ['Zoé', '𠮷野'],
  'utf-16be': ['Zoé', '𠮷野'],
}

/** Two people's names that can be written in an encoding. */
export function namesIn(encoding: string): readonly [string, string] {
  return names[encoding] ?? ['Zoé', 'Jürgen']
}
