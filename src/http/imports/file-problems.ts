import { type FileRefusal, FileRefused } from '../../imports/file/file-refusal.ts'
import { UploadNotKept } from '../../imports/file/nameless-file.ts'
import { Problem } from '../problems/problems.ts'
import { uploadNotKept } from './read-upload.ts'

/** Does what reads an uploaded file. @throws Problem where the file, or the disk, is to blame */
export async function orRefuse<T>(read: () => Promise<T>): Promise<T> {
  try {
    return await read()
  } catch (error) {
    if (error instanceof UploadNotKept) throw uploadNotKept(error)
    if (!(error instanceof FileRefused)) throw error
    const { code, ...why } = presentRefusal(error.refusal)
    throw new Problem(code, why)
  }
}

/** Why a file is refused, in the words of a problem. */
export function presentRefusal({ code, detail, line, suggests, errors }: FileRefusal) {
  return {
    code,
    detail: line === undefined ? detail : `Line ${line}: ${detail}`,
    ...(suggests !== undefined && { suggests }),
    ...(errors !== undefined && {
      errors: errors.map((place) => ({ ...place, pointer: place.pointer.replace('#', '#/options') })),
    }),
  }
}
