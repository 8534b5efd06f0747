/** What the optimized integrations add to an answer. Headers that only the network has are left out. */
export const sdkMetadata = (requestId: string, body: string, contentType: string) => {
  const headers = {
    'Content-Length': String(Buffer.byteLength(body)),
    'Content-Type': contentType,
    'x-amzn-RequestId': requestId,
  };
  return {
    SdkHttpMetadata: {
      AllHttpHeaders: Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, [value]])),
      HttpHeaders: headers,
      HttpStatusCode: 200,
    },
    SdkResponseMetadata: { RequestId: requestId },
  };
};
