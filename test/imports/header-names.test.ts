import { describe, expect, it } from 'vitest'
import names from '../../src/imports/columns/header-names.json' with { type: 'json' }
import { fieldOfName, fieldsOfHeader, normalizeName } from '../../src/imports/columns/header-names.ts'
import { carriers } from '../../src/imports/columns/import-columns.ts'
import { matchHeader } from '../../src/imports/columns/match-header.ts'

/** Of several columns of one field all, in the order in which they count. */
function fieldsIn(header: string): Readonly<Record<string, string>> {
  const match = matchHeader(header.split(','))
  if ('refusal' in match) throw new Error(match.refusal.detail)
  const { columns } = match
  const byTarget = Map.groupBy([...carriers(columns), ...columns.countryCodes], ({ target }) => target)
  return Object.fromEntries([...byTarget].map(([target, same]) => [target, same.map(({ name }) => name).join(' > ')]))
}

describe('the header that a program writes is understood', () => {
  it.each<[program: string, header: string, fields: Readonly<Record<string, string>>]>([
    [
      'Google Contacts',
      'First Name,Middle Name,Last Name,Phonetic First Name,Name Prefix,Nickname,File As,Organization Name,Labels,E-mail 1 - Label,E-mail 1 - Value,E-mail 2 - Value,Phone 1 - Label,Phone 1 - Value,Phone 2 - Value,Address 1 - Country,Custom Field 1 - Value',
      {
        ...{ firstName: 'First Name', lastName: 'Last Name', tags: 'Labels' },
        ...{ email: 'E-mail 1 - Value > E-mail 2 - Value', phone: 'Phone 1 - Value > Phone 2 - Value' },
      },
    ],
    [
      'Google Contacts, as it was',
      'Name,Given Name,Additional Name,Family Name,Given Name Yomi,Short Name,Group Membership,E-mail 1 - Type,E-mail 1 - Value,Phone 1 - Type,Phone 1 - Value,Organization 1 - Name',
      {
        ...{ name: 'Name', firstName: 'Given Name', lastName: 'Family Name', tags: 'Group Membership' },
        ...{ email: 'E-mail 1 - Value', phone: 'Phone 1 - Value' },
      },
    ],
    [
      'Outlook',
      "Title,First Name,Middle Name,Last Name,Company,Home Phone,Business Fax,Business Phone,Business Phone 2,Company Main Phone,Mobile Phone,Other Phone,Primary Phone,Assistant's Name,Categories,E-mail Address,E-mail Type,E-mail Display Name,E-mail 2 Address,Manager's Name",
      {
        ...{ firstName: 'First Name', lastName: 'Last Name', tags: 'Categories' },
        ...{
          email: 'E-mail Address > E-mail 2 Address',
          phone: 'Mobile Phone > Primary Phone > Home Phone > Business Phone > Other Phone > Business Phone 2',
        },
      },
    ],
    [
      'Outlook in German',
      'Anrede,Vorname,Weitere Vornamen,Nachname,Firma,Fax geschäftlich,Telefon geschäftlich,Telefon Firma,Telefon privat,Mobiltelefon,Weiteres Telefon,Haupttelefon,Mobiltelefon 2,Name Assistent,Kategorien,E-Mail-Adresse,E-Mail-Typ,E-Mail: Angezeigter Name,E-Mail 2: Adresse',
      {
        ...{ firstName: 'Vorname', lastName: 'Nachname', tags: 'Kategorien' },
        ...{
          email: 'E-Mail-Adresse > E-Mail 2: Adresse',
          phone:
            'Mobiltelefon > Haupttelefon > Telefon privat > Telefon geschäftlich > Mobiltelefon 2 > Weiteres Telefon',
        },
      },
    ],
    [
      'Outlook in French',
      "Titre,Prénom,Deuxième prénom,Nom,Société,Télécopie (bureau),Téléphone (bureau),Téléphone société,Téléphone (domicile),Tél. mobile,Téléphone principal,Adresse de messagerie,Type de messagerie,Nom complet de l'adresse de messagerie,Adresse de messagerie 2,Catégories",
      {
        ...{ firstName: 'Prénom', lastName: 'Nom', tags: 'Catégories' },
        ...{
          email: 'Adresse de messagerie > Adresse de messagerie 2',
          phone: 'Tél. mobile > Téléphone principal > Téléphone (domicile) > Téléphone (bureau)',
        },
      },
    ],
    [
      'HubSpot',
      'Record ID,First Name,Last Name,Email,Phone Number,WhatsApp Phone Number,Contact owner,Lead Status,Associated Company',
      {
        ...{ firstName: 'First Name', lastName: 'Last Name', email: 'Email', phone: 'Phone Number' },
        whatsapp: 'WhatsApp Phone Number',
      },
    ],
    [
      'Mailchimp',
      'Email Address,First Name,Last Name,Address,Phone Number,MEMBER_RATING,OPTIN_TIME,OPTIN_IP,CONFIRM_IP,CC,REGION,LEID,EUID,NOTES,TAGS',
      {
        ...{ firstName: 'First Name', lastName: 'Last Name', email: 'Email Address', phone: 'Phone Number' },
        tags: 'TAGS',
      },
    ],
    [
      'Brevo',
      'CONTACT ID,EMAIL,FIRSTNAME,LASTNAME,SMS,WHATSAPP,DOUBLE_OPT-IN,LANDLINE_NUMBER,EXT_ID',
      { email: 'EMAIL', firstName: 'FIRSTNAME', lastName: 'LASTNAME', phone: 'SMS', whatsapp: 'WHATSAPP' },
    ],
    [
      'Klaviyo',
      'Email,Klaviyo ID,First Name,Last Name,Organization,Title,Phone Number,Email Marketing Consent,SMS Marketing Consent',
      { email: 'Email', firstName: 'First Name', lastName: 'Last Name', phone: 'Phone Number' },
    ],
    [
      'Salesforce',
      'Salutation,First Name,Last Name,Account Name,Mailing Street,Email,Phone,Contact Owner,Home Phone,Asst. Phone',
      { email: 'Email', firstName: 'First Name', lastName: 'Last Name', phone: 'Phone > Home Phone' },
    ],
    [
      'the interface of Salesforce',
      'Id,FirstName,LastName,Email,MobilePhone,HomePhone,AccountId',
      { email: 'Email', firstName: 'FirstName', lastName: 'LastName', phone: 'MobilePhone > HomePhone' },
    ],
    [
      'Zoho',
      'Record Id,Contact Owner,First Name,Last Name,Account Name,Email,Secondary Email,Mobile,Home Phone,Email Opt Out,Tag',
      {
        ...{ email: 'Email > Secondary Email', phone: 'Mobile > Home Phone' },
        ...{ firstName: 'First Name', lastName: 'Last Name', tags: 'Tag' },
      },
    ],
    [
      'Shopify',
      'Customer ID,First Name,Last Name,Email,Accepts Email Marketing,Default Address Company,Default Address Phone,Phone,Accepts SMS Marketing,Total Spent,Note,Tags',
      {
        email: 'Email',
        firstName: 'First Name',
        lastName: 'Last Name',
        phone: 'Phone > Default Address Phone',
        tags: 'Tags',
      },
    ],
    [
      'orders of Shopify, where Name is the number of an order',
      'Name,Email,Financial Status,Accepts Marketing,Lineitem name,Billing Name,Billing Phone,Shipping Name,Shipping Phone,Payment Reference,Phone',
      { email: 'Email', name: 'Billing Name', phone: 'Phone > Billing Phone' },
    ],
    [
      'WooCommerce',
      'Name,Username,Last active,Date registered,Email,Orders,Total spend,Country / Region',
      { email: 'Email', name: 'Name' },
    ],
    [
      'users of WooCommerce',
      'ID,user_login,user_email,first_name,last_name,billing_company,billing_email,billing_phone,shipping_phone',
      { email: 'user_email > billing_email', firstName: 'first_name', lastName: 'last_name', phone: 'billing_phone' },
    ],
    ['Stripe', 'id,Description,Email,Name,Created (UTC),Card ID,Card Name,Status', { email: 'Email', name: 'Name' }],
    [
      'payments of Stripe',
      'id,Amount,Description,Status,Customer ID,Customer Email,Card Name,Seller Message',
      { email: 'Customer Email' },
    ],
    [
      'a group of WhatsApp',
      'Country Code,Phone Number,Formatted Phone,Saved Name,Group Name,Is Admin',
      { phone: 'Phone Number > Formatted Phone', 'phone.countryCode': 'Country Code', name: 'Saved Name' },
    ],
    ['webhooks of WhatsApp', 'wa_id,Profile Name,Last seen', { whatsapp: 'wa_id', name: 'Profile Name' }],
    [
      'a form',
      'Timestamp,Your full name,Your email address *,📱 Mobile phone number (with country code)',
      {
        ...{ name: 'Your full name', email: 'Your email address *' },
        phone: '📱 Mobile phone number (with country code)',
      },
    ],
  ])('%s', (_program, header, fields) => {
    expect(fieldsIn(header)).toEqual(fields)
  })
})

describe('the header of a language is understood', () => {
  it.each<[language: string, firstName: string, lastName: string, email: string, phone: string]>([
    ['Italian', 'Nome', 'Cognome', 'Indirizzo e-mail', 'Numero di cellulare'],
    ['Spanish', 'Nombre', 'Apellidos', 'Correo electrónico', 'Número de teléfono móvil'],
    ['Portuguese', 'Nome', 'Sobrenome', 'Endereço de e-mail', 'Telemóvel'],
    ['Dutch', 'Voornaam', 'Achternaam', 'E-mailadres', 'Mobiel nummer'],
    ['Polish', 'Imię', 'Nazwisko', 'Adres e-mail', 'Numer telefonu komórkowego'],
    ['Turkish', 'Ad', 'SOYAD', 'E-posta adresi', 'CEP TELEFONU NUMARASI'],
    ['Hindi', 'पहला नाम', 'अंतिम नाम', 'ईमेल पता', 'मोबाइल नंबर'],
    ['Arabic', 'الاسم الأول', 'اسم العائلة', 'البريد الإلكتروني', 'رقم الجوال'],
    ['Russian', 'Имя', 'Фамилия', 'Электронная почта', 'Номер мобильного телефона'],
    ['Japanese', '名', '姓', 'メールアドレス', '携帯電話番号'],
    ['Chinese', '名', '姓', '电子邮箱', '手机号码'],
    ['German', 'Vorname', 'Nachname', 'E-Mail', 'Handynummer'],
    ['French', 'Prénom', 'Nom', 'Adresse électronique', 'N° de téléphone portable'],
  ])('%s', (_language, firstName, lastName, email, phone) => {
    expect(fieldsIn([firstName, lastName, email, phone].join())).toEqual({ firstName, lastName, email, phone })
  })
})

it.each([
  ['Email *', 'email'],
  ['* Email:', 'email'],
  ['Email (required)', 'email'],
  ['✉️ E-mail', 'email'],
  ['(mobile)', 'phone'],
  ['Phone (mobile)', 'phone'],
  ['Phone [optional]', 'phone'],
  ['Phone incl. country code', 'phone'],
  ['Phone (e.g. +33 6 12 34 56 78)', 'phone'],
  ['Telefon (mit Vorwahl)', 'phone'],
  ['Phone #', 'phone'],
  ['Number, mobile phone', 'phone'],
  ['Móvil, número de teléfono', 'phone'],
  ['WhatsApp (with country code)', 'whatsapp'],
  ['mobileNumber', 'phone'],
  ['Name, first', 'firstName'],
])('%j means %s, whatever stands around it and in any order', (name, field) => {
  expect(fieldOfName(name)).toMatchObject({ field, isFallback: false })
})

it.each(['Work email', 'Customer Email', 'Email 1', 'Business Phone', 'Telefon privat', 'Téléphone (bureau)', 'SMS'])(
  '%j is taken where no other column is the field, or behind others',
  (name) => {
    expect(fieldOfName(name)?.isFallback).toBe(true)
  },
)

describe('of several columns of one field', () => {
  it.each([
    ['Email,Business Phone,Home Phone,Phone,Mobile', 'phone', 'Mobile > Phone > Home Phone > Business Phone'],
    ['Email,Work phone,Work mobile,SMS', 'phone', 'Work mobile > SMS > Work phone'],
    ['Telefon geschäftlich,Telefon,Handynummer', 'phone', 'Handynummer > Telefon > Telefon geschäftlich'],
    ['Téléphone (bureau),Téléphone portable', 'phone', 'Téléphone portable > Téléphone (bureau)'],
    ['電話番号,携帯電話番号', 'phone', '携帯電話番号 > 電話番号'],
    ['رقم الهاتف,رقم الجوال', 'phone', 'رقم الجوال > رقم الهاتف'],
    ['Phone 2 - Value,Phone 1 - Value', 'phone', 'Phone 1 - Value > Phone 2 - Value'],
    ['Mobiltelefon 2,Telefon privat', 'phone', 'Telefon privat > Mobiltelefon 2'],
    ['Work email,Secondary Email,Email', 'email', 'Email > Work email > Secondary Email'],
    ['E-mail,Email Address', 'email', 'E-mail > Email Address'],
    ['Kategorien,E-mail,Stichwörter', 'tags', 'Kategorien > Stichwörter'],
    ['Phone,Push Name,Saved Name', 'name', 'Saved Name > Push Name'],
  ])('the order is that of their kinds, then of the file: %s', (header, field, order) => {
    expect(fieldsIn(header)).toMatchObject({ [field]: order })
  })

  it.each([
    ['Name,Full name,E-mail', /“Name” and 2 “Full name” are both name/],
    ['E-mail,Ref,External ID', /are both ref/],
    ['Phone,Phone', /are both phone\. Rename/],
  ])('they are refused where names do not tell which one counts: %s', (header, detail) => {
    expect(matchHeader(header.split(','))).toEqual({
      refusal: { code: 'file-unreadable', detail: expect.stringMatching(detail) },
    })
  })

  it.each([
    ['Email,Member name,Client name', { email: 'Email' }],
    ['Email,Home Phone,Home Phone', { email: 'Email' }],
    ['Phone,Home Phone,Home Phone', { phone: 'Phone' }],
    ['Full name,Saved Name,Phone', { name: 'Full name', phone: 'Phone' }],
  ])('those are not taken that may be the field, and have no order: %s', (header, fields) => {
    expect(fieldsIn(header)).toEqual(fields)
  })
})

describe('a column of country codes', () => {
  it.each([
    ['Country Code,Phone', 'Country Code'],
    ['Name,Phone,Country code', 'Country code'],
    ['Phone,E-mail,Phone country code', 'Phone country code'],
    ['City,ISD code,Mobile', 'ISD code'],
    ['phone,phone.countryCode', 'phone.countryCode'],
    ['Country,Country Code,Phone Number', 'Country Code'],
  ])('is known beside a phone: %s', (header, name) => {
    expect(fieldsIn(header)).toMatchObject({ 'phone.countryCode': name })
  })

  it('of WhatsApp numbers is known by its own name', () => {
    expect(fieldsIn('WhatsApp,WhatsApp country code,Phone')).toMatchObject({
      'whatsapp.countryCode': 'WhatsApp country code',
    })
  })

  it.each([
    'Mailing Country Code,Phone',
    'Default Address Country Code,Phone',
    'City,Country Code,Phone',
    'Phone,Country Code,Adresse',
    'Country Code,Name,Phone',
    'Country Code,E-mail',
    'Phone country code,E-mail',
    'Country,Phone',
    'CC,Phone',
    'Area code,Phone',
    'Phone country code,Phone,Dial code',
  ])('is not taken where it may be something else: %s', (header) => {
    expect(fieldsIn(header)).not.toHaveProperty(['phone.countryCode'])
  })
})

/** False friends: what would send wrong data. */
const others: Readonly<Record<string, readonly string[]>> = {
  'names of something else': [
    ...['Company name', 'Name of product', 'Product name', 'Account name', 'Event name', 'File name', 'Group name'],
    ...[
      'Campaign name',
      'Ad',
      'Ad name',
      'Username',
      'User name',
      'Nickname',
      'Middle name',
      'Maiden name',
      'Name day',
    ],
    ...['Name prefix', 'Name suffix', 'Phonetic first name', "Manager's name", 'Spouse name', "Nom de l'entreprise"],
    ...['Nom du produit', 'Nombre de la empresa', 'Nome da empresa', 'Firmenname', 'Name der Firma', 'Bedrijfsnaam'],
    ...[
      'Nazwa firmy',
      'Şirket adı',
      'Название компании',
      'اسم الشركة',
      'कंपनी का नाम',
      '会社名',
      'フリガナ',
      '公司名称',
    ],
    ...['氏名（カナ）', 'Apelido', 'Nombre de usuario', 'First contact', 'Last contacted', 'Last name change'],
  ],
  'what is told of a phone or an e-mail': [
    ...['Phone type', 'E-mail 1 - Type', 'E-mail 1 - Label', 'Phone 1 - Label', 'Email status', 'Email verified'],
    ...['Email?', 'Phone?', '% email', 'Phone country code', 'Phone ext', 'Email domain', 'Phone carrier', 'Mobile OS'],
    ...['Mobile app', 'Mobile operator', 'Email hash', 'email_md5', 'Phone (verified)', 'Email (bounced)'],
    ...['Email - status', 'WhatsApp status', 'Tipo de teléfono', 'Type de messagerie', 'Email count', 'Emails sent'],
    ...['Number of emails', '# of emails', 'Last email', 'Date of last email', 'Mail merge status', 'Mailing list'],
    ...['Portable (oui/non)', 'Has email', 'emails', 'E-mail Display Name'],
  ],
  'a consent, or none': [
    ...['Opt-in', 'Email opt-in', 'SMS opt-in', 'Email marketing consent', 'SMS consent', 'WhatsApp opt-in'],
    ...['No contact', 'No phone', 'No email', 'Do not phone', 'Do not email', 'Email me', 'Call my phone'],
  ],
  'of somebody else, or a second one': [
    ...['Emergency contact phone', 'Emergency contact', "Assistant's phone", 'Contact owner', 'Owner email'],
    ...['Company email', 'Company Main Phone', 'Telefon Firma', 'Parent email', '会社電話', 'Email 2', 'Phone 2'],
    ...['Parent phone 2', 'Fax', 'Fax number', 'Tel/Fax', 'Telex', 'Télécopie (bureau)'],
  ],
  'addresses, numbers and other things': [
    ...['Contact', 'Number', 'Order number', 'Customer number', 'Numéro client', 'Kundennummer', 'Hausnummer', '地址'],
    ...['Address', 'Adresse', 'Adres', 'Indirizzo', 'Endereço', 'Dirección', 'Correo postal', 'Adresse postale', 'पता'],
    ...['Mailing address', 'IP address', 'Web address', 'رقم الطلب', 'Country code', 'Date', 'Telegram', 'Category'],
    ...['Tagline', 'Label printed', 'Reference number', 'Website', 'toString', 'constructor', '', '   ', '*'],
  ],
}

describe.each(Object.entries(others))('%s are not taken', (_what, headers) => {
  it.each(headers)('%j', (name) => {
    expect(fieldOfName(name)).toBeUndefined()
    expect(fieldsOfHeader([name, 'E-mail'])[0]).toBeUndefined()
  })
})

describe('the file of names', () => {
  const sources = [names.names, names.namesIfNoOther, { name: names.nameAlone }] as const
  const listed = sources.flatMap((byField) =>
    Object.entries(byField).flatMap(([field, bySource]) =>
      Object.values(bySource as Readonly<Record<string, readonly string[]>>)
        .flat()
        .map((name) => [name, field] as const),
    ),
  )

  it.each(listed)('%j is %s, and nothing else', (name, field) => {
    expect(fieldOfName(name)?.field).toBe(field)
    const fields = new Set(listed.filter(([other]) => normalizeName(other) === normalizeName(name)).map(([, of]) => of))
    expect([...fields]).toEqual([field])
  })
})
