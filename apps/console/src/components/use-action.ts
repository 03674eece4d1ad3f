import { type UseMutationResult, useMutation, useQueryClient } from '@tanstack/react-query';
import { toastDone, toastFailure } from './toast.js';

interface ActionOptions<Input, Output> {
  /** Shown as a toast when it is done. */
  readonly done?: (output: Output, input: Input) => string;
  readonly onDone?: (output: Output, input: Input) => void;
  /** The caller shows the error itself (a form), so no toast does. */
  readonly ownErrors?: boolean;
}

/** A change on the server: says when it is done or why not, and lets every page read anew what it shows. */
export function useAction<Input, Output>(
  run: (input: Input) => Promise<Output>,
  options: ActionOptions<Input, Output> = {},
): UseMutationResult<Output, Error, Input> {
  const queries = useQueryClient();
  return useMutation<Output, Error, Input>({
    mutationFn: run,
    onSuccess: async (output, input) => {
      if (options.done !== undefined) toastDone(options.done(output, input));
      options.onDone?.(output, input);
      await queries.invalidateQueries();
    },
    onError: (error) => {
      if (options.ownErrors !== true) toastFailure(error);
    },
  });
}
