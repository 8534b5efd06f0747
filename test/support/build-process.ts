// A build in a process of its own, so that tests can end it. Speaks with the test over IPC: gets a Scene, sends { line }, and at last { result } or { error }.
import { prepareBuild, type Scene } from './build-ground';

const tell = (message: object): void => {
  process.send?.(message);
};

const build = async (scene: Scene): Promise<void> => {
  const stop = new AbortController();
  process.on('SIGTERM', () => stop.abort());
  const ground = await prepareBuild({ ...scene, signal: stop.signal, onLog: (line) => tell({ line }) });
  tell({ folder: ground.folder });
  try {
    tell({ result: await ground.run() });
  } catch (error) {
    tell({ error: (error as Error).name, keys: ground.store.keys() });
  }
  process.disconnect();
};

process.once('message', (scene: Scene) => void build(scene));
