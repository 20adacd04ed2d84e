/**
 * What texts of people's files look like, for telling a reading in the right encoding from one in a wrong one: letters of
 * languages beyond a to z, and the signs that are frequent in names and addresses. Data, not rules.
 */

/** Letters of one language, in lower case, and how sure a word of them is to be meant: 1 for languages of many files. */
export type Alphabet = { readonly letters: ReadonlySet<string>; readonly weight: number }

function alphabet(letters: string, weight = 1): Alphabet {
  return { letters: new Set(letters), weight }
}

export const latinAlphabets: readonly Alphabet[] = [
  // French and Dutch; German; Spanish, Catalan; Portuguese; Italian; Danish, Norwegian, Swedish, Finnish
  alphabet('àâæçéèêëîïôœùûüÿö'),
  alphabet('äöüßé'),
  alphabet('áéíóúüñçàèòï'),
  alphabet('áâãàçéêíóôúü'),
  alphabet('àèéìòóù'),
  alphabet('åäöæøéü'),
  // Polish; Czech, Slovak; Hungarian; Croatian, Slovenian, Serbian; Romanian; Turkish, Azerbaijani
  alphabet('ąćęłńóśźż'),
  alphabet('áäčďéěíĺľňóôŕřšťúůýž'),
  alphabet('áéíóöőúüű'),
  alphabet('čćđšž'),
  alphabet('ăâîșțşţ'),
  alphabet('çğıiöşüâîû'),
  // Latvian, Lithuanian; Icelandic, Faroese; Estonian; Maltese; Welsh
  alphabet('āčēģīķļņšūžąęėįų', 0.95),
  alphabet('áæðéíóöøúýþ', 0.9),
  alphabet('äõöüšž', 0.9),
  alphabet('ċġħżàèìòù', 0.9),
  alphabet('âêîôûŵŷ', 0.9),
]

/** Letters that are a word of their own somewhere: `à`, `é`, `ó`. */
export const lettersAlone: ReadonlySet<string> = new Set('àáéèêíòóôöúåøœ')

export const frequentLetters: ReadonlySet<string> = new Set(
  'оеаинтсрвлкмдпуяыьгзбчй' + 'αοιετσςνηυρπκμλωγδθάέήίόύώ' + 'יוהלאמרבתשנדח' + 'اليمنرتبودعسفحك',
)

/** Chinese in both forms, and Japanese. */
export const frequentIdeographs: ReadonlySet<string> = new Set(
  `王李张張刘劉陈陳杨楊赵趙黄黃周吴吳徐孙孫胡朱高林何郭马馬罗羅梁宋郑鄭谢謝韩韓唐冯馮于董萧程曹袁邓鄧许許傅沈曾彭吕呂苏蘇卢盧蒋蔡贾丁魏薛叶葉
  伟偉芳娜秀英敏静靜丽麗强強磊军軍洋勇艳艷杰傑娟涛濤明超兰蘭霞平刚剛桂文华華建国國志玉红紅春梅美玲婷雪慧海波峰龙龍云雲飞飛鑫宇浩俊怡君雅家豪宗信
  北京上海广廣州深圳市省区區县縣镇鎮村路街号號楼樓室天津重庆慶南东東西中大小新台湾灣高雄三民香港九龙湖山河川江苏浙杭成都武汉漢安阳陽
  姓名电電话話手机機邮郵箱地址公司有限客户戶先生小姐女士的一是在人我们這这不了
  田太郎藤佐鈴木高橋伊藤渡辺本村林斎加吉佐々山子花次一二三四五六七八九十井上松清水野原岡石川前小長谷后後橋島部森池橋阿佐府県町丁目番阪大名古屋神戸福福岡札幌横浜千葉埼玉愛知真由美恵健明和正幸義雄様氏電話番号住所都`,
)

export const frequentSyllables: ReadonlySet<string> = new Set(
  '김이박최정강조윤장임한오서신권황안송류전홍고문양손배백허유남심노하곽성차주우구민진지영수현경희은미선정숙자순철호준상태동재훈석원연혜윤서예나라인기용승규환별시특광역대구부산울충전북제경도군읍면로길번아파트회사름화고객님',
)
