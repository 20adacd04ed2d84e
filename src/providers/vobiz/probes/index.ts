import type { ProbeSet, Unseen } from '../../probing.ts'
import { changeProbes } from './change-probes.ts'
import { contactProbes } from './contact-probes.ts'
import { fileProbes } from './file-probes.ts'
import { listProbes } from './list-probes.ts'
import { steps } from './steps.ts'
import { cleanUp, left } from './tidy.ts'
import { watched } from './watched.ts'

const unseen: readonly Unseen[] = [
  {
    id: 'VOB-LIMITS',
    question: 'How many rows and bytes does a file have at most, and how many tags and how long a name a contact?',
    why: 'It takes hundreds of people, and a run writes to two.',
  },
  {
    id: 'VOB-RATE',
    question: 'How many calls a second are taken?',
    why: 'It is found only by calling too often, which a run never does.',
  },
  {
    id: 'VOB-TWO-WRITERS',
    question: 'Is one of two updates at the same moment lost?',
    why: 'A run makes one call at a time; that no header guards an update is documented by its absence.',
  },
  {
    id: 'VOB-TOKENS',
    question: 'What does a JWT that has expired get?',
    why: 'The gateway sends the pair of headers, and no JWT.',
  },
  {
    id: 'VOB-OLD-PATH',
    question: 'Does the path of the older page still answer?',
    why: 'A run stays below the base URL of its account.',
  },
  {
    id: 'VOB-OPT-OUTS',
    question: 'Are opted-out people known, and is anybody written to by e-mail?',
    why: 'It shows only when messages are sent, which a run never does.',
  },
  {
    id: 'VOB-EVENTS',
    question: 'Is the gateway told of changes that are made elsewhere?',
    why: 'It is documented that it is not; what never comes cannot be seen.',
  },
  {
    id: 'VOB-FILE-FORM',
    question: 'What do a mark at the beginning, other columns and a number that stands twice do to a file?',
    why: 'The gateway writes none of them into a file.',
  },
]

/** How an account of Vobiz is verified. Everything that is made has the tag of the run, and is deleted at its end. */
export const probes: ProbeSet = {
  needs: { phones: 2, emails: 0 },
  steps,
  cleanUp,
  left,
  probes: [...listProbes, ...contactProbes, ...changeProbes, ...fileProbes],
  unseen,
  watched,
}
