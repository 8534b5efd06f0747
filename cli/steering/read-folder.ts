import { lstatSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type ReadSteeringFile, steeringFileTooLarge } from '../../domain/read-steering';
import { STEERING_MANIFEST, steeringInvalid } from '../../domain/steering-package';

const absent = (path: string, folder: string) =>
  path === STEERING_MANIFEST
    ? steeringInvalid(
        `there is no ${STEERING_MANIFEST} in it; npx kiro-worker steering pack '${folder}' --name NAME --release RELEASE writes one`,
      )
    : steeringInvalid(`"${path}" is not there`);

/** What a part of the way is; null when it is not there. */
const kindOf = (path: string) => lstatSync(path, { throwIfNoEntry: false }) ?? null;

/** The files of a package in a folder of this machine. No link is followed: it could lead to what nobody wants to publish. */
export const readSteeringFolder =
  (folder: string): ReadSteeringFile =>
  async (path, most) => {
    const parts = path.split('/');
    const way = parts.map((_, index) => join(folder, ...parts.slice(0, index + 1)));
    const found = way.map((place) => {
      try {
        return kindOf(place);
      } catch (error) {
        throw steeringInvalid(`"${path}" cannot be read: ${(error as NodeJS.ErrnoException).code}`, error);
      }
    });
    if (found.some((stats) => stats === null)) throw absent(path, folder);
    if (found.some((stats) => stats?.isSymbolicLink()))
      throw steeringInvalid(`"${path}" is a link, or lies behind one`);
    const file = found.at(-1);
    if (!file?.isFile()) throw steeringInvalid(`"${path}" is no regular file`);
    if (file.size > most) throw steeringFileTooLarge(path, file.size, most);
    try {
      return readFileSync(way.at(-1) ?? folder);
    } catch (error) {
      throw steeringInvalid(`"${path}" cannot be read: ${(error as NodeJS.ErrnoException).code}`, error);
    }
  };
