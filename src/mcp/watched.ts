/** Knows when an answer that comes as a stream has gone out. */

/** The same answer; `ended` is called once: now, or when its stream is read to the end or let go of, as it is for a client that left. */
export function watched(response: Response, ended: () => void): Response {
  if (response.body && /event-stream/.test(response.headers.get("content-type") ?? "")) {
    return new Response(watchedStream(response.body, ended), response);
  }
  ended();
  return response;
}

function watchedStream(body: ReadableStream<Uint8Array>, ended: () => void): ReadableStream<Uint8Array> {
  const reader = body.getReader();
  let over = false;
  const end = (): void => {
    if (!over) ended();
    over = true;
  };
  return new ReadableStream({
    async pull(controller) {
      try {
        const { done, value } = await reader.read();
        if (!done) return controller.enqueue(value);
        controller.close();
      } catch (error) {
        controller.error(error);
      }
      end();
    },
    cancel(reason) {
      end();
      return reader.cancel(reason);
    },
  });
}
