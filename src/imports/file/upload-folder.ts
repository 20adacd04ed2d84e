import { type NamelessFile, UploadNotKept } from './nameless-file.ts'
import { type SpooledUpload, spoolUpload } from './spool-upload.ts'

/** Where uploads wait on disk, without a name. */
export type UploadFolder = {
  /** @throws UploadTooLarge, UploadNotKept, and what the source throws; nothing is left on disk then */
  take(source: AsyncIterable<Buffer>, maxBytes: number): Promise<SpooledUpload>
  /** Writes and reads a little; resolves with what is wrong, if anything is. */
  check(): Promise<UploadNotKept | undefined>
}

/** As much as comes in one piece; a disk that has less room cannot be called usable. */
const probe = Buffer.alloc(64 * 1024)

/** @param onChange told when the folder fails, once, and with `undefined` when it works again */
export function openUploadFolder(path: string, onChange: (trouble: UploadNotKept | undefined) => void): UploadFolder {
  let isWorking = true
  let checking: Promise<UploadNotKept | undefined> | undefined

  const note = (trouble: UploadNotKept | undefined): void => {
    if ((trouble === undefined) === isWorking) return
    isWorking = trouble === undefined
    onChange(trouble)
  }

  const noted = (error: unknown): unknown => {
    if (error instanceof UploadNotKept) note(error)
    return error
  }

  async function* noticed(bytes: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array, void, undefined> {
    try {
      yield* bytes
    } catch (error) {
      throw noted(error)
    }
  }

  const noting = <Given extends unknown[], T>(work: (...given: Given) => Promise<T>) => {
    return (...given: Given) =>
      work(...given).catch((error) => {
        throw noted(error)
      })
  }

  const notingBeside = ({ write, read, close }: NamelessFile): NamelessFile => ({
    write: noting(write),
    read: noting(read),
    close,
  })

  const noticing = (file: SpooledUpload): SpooledUpload => ({
    ...file,
    read: () => noticed(file.read()),
    readAt: noting(file.readAt),
    openBeside: noting(async () => notingBeside(await file.openBeside())),
    verify: noting(file.verify),
  })

  const look = async (): Promise<UploadNotKept | undefined> => {
    try {
      const file = await spoolUpload(once(probe), path, probe.length)
      try {
        await file.verify()
      } finally {
        await file.close()
      }
    } catch (error) {
      if (!(error instanceof UploadNotKept)) throw error
      note(error)
      return error
    }
    note(undefined)
    return undefined
  }

  return {
    async take(source, maxBytes) {
      try {
        const file = await spoolUpload(source, path, maxBytes)
        note(undefined)
        return noticing(file)
      } catch (error) {
        throw noted(error)
      }
    },
    check() {
      checking ??= look().finally(() => {
        checking = undefined
      })
      return checking
    },
  }
}

async function* once(bytes: Buffer): AsyncGenerator<Buffer, void, undefined> {
  yield bytes
}
