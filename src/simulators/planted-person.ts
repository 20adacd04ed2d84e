/** Somebody whom no test adds: where these texts come out of the gateway, a provider's raw words leaked. */
export const plantedPerson = {
  id: 'planted-7f3a91',
  name: 'Zebedee Plantagenet',
  first_name: 'Zebedee',
  last_name: 'Plantagenet',
  email: 'zebedee.plantagenet@planted.example',
  phone_number: '+33699887766',
  tags: ['planted-tag'],
  custom_attributes: { illness: 'plantitis' },
} as const

/** Each of them alone gives the leak away. */
export const plantedTexts = ['zebedee', 'plantagenet', 'planted', '33699887766', 'plantitis'] as const
