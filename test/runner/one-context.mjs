import hooks from 'node:async_hooks';

const { AsyncLocalStorage } = hooks;

/**
 * Replaces `AsyncLocalStorage`, with which jest-circus finds the test that an error belongs to. Node then tracks
 * every promise of the process, which took a tenth of the CPU time. Only one test runs at a time here, so one value
 * is enough: that of the work that started last and has not ended.
 */
class OneContext {
  #store;

  run(store, work) {
    const before = this.#store;
    this.#store = store;
    const end = () => {
      this.#store = before;
    };
    let result;
    try {
      result = work();
    } catch (error) {
      end();
      throw error;
    }
    if (typeof result?.then !== 'function') {
      end();
      return result;
    }
    return result.then(
      (value) => {
        end();
        return value;
      },
      (error) => {
        end();
        throw error;
      },
    );
  }

  getStore() {
    return this.#store;
  }
}

put(OneContext);

/** Restores the original class after jest-circus has been loaded. */
export function restore() {
  put(AsyncLocalStorage);
}

/** Since Node 22 the property has only a getter. */
function put(value) {
  Object.defineProperty(hooks, 'AsyncLocalStorage', {
    value,
    configurable: true,
    enumerable: true,
    writable: true,
  });
}
