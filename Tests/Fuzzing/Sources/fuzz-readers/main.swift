import CLibFuzzer
import Foundation

// fuzz-readers READER [FOLDER] [-max_total_time=SECONDS] …: hands inputs of libFuzzer to one of the readers.
let names = FuzzedReader.all.map(\.name)
guard let name = CommandLine.arguments.dropFirst().first,
  let reader = FuzzedReader.all.first(where: { $0.name == name })
else {
  print(names.joined(separator: "\n"))
  exit(0)
}
FuzzedReader.current = reader
var words = CommandLine.arguments
words.remove(at: 1)
var arguments: [UnsafeMutablePointer<CChar>?] = words.map { strdup($0) } + [nil]
var count = CInt(words.count)
exit(
  arguments.withUnsafeMutableBufferPointer { buffer in
    var start = buffer.baseAddress
    return LLVMFuzzerRunDriver(&count, &start) { data, size in
      FuzzedReader.current?.read(Array(UnsafeBufferPointer(start: data, count: size)))
      return 0
    }
  })
