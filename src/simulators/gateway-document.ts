import { sampleOblicList } from './oblic.ts'
import type { RunningSimulators } from './start.ts'

/**
 * The accounts and lists of a gateway in front of these simulators, in the form of its configuration file: `newsletter`
 * at all three, `sms` and `whatsapp` at one.
 */
export function gatewayDocument({ oblic, octopush, vobiz, credentials }: RunningSimulators) {
  const { authId, authToken } = credentials.vobiz
  const oblicList = sampleOblicList
  return {
    accounts: {
      'oblic-main': {
        provider: 'oblic',
        credentials: { ...credentials.oblic },
        baseUrl: oblic.url,
        defaultList: oblicList,
      },
      'octopush-fr': {
        provider: 'octopush',
        credentials: { ...credentials.octopush },
        baseUrl: `${octopush.url}/v1/public`,
      },
      'vobiz-in': { provider: 'vobiz', credentials: { authId, authToken }, baseUrl: `${vobiz.url}/api/v1/messaging` },
    },
    lists: {
      newsletter: {
        title: 'Newsletter',
        targets: [
          { account: 'oblic-main', list: oblicList },
          { account: 'octopush-fr', list: 'newsletter', attributes: { title: 'param3' } },
          { account: 'vobiz-in', tag: 'newsletter' },
        ],
      },
      sms: { title: 'SMS', targets: [{ account: 'octopush-fr', list: 'sms' }] },
      whatsapp: { title: 'WhatsApp', targets: [{ account: 'vobiz-in', tag: 'whatsapp' }] },
    },
  }
}
