public import ClusterModel
public import Diagnostics

/// The known parts: those shipped with the program, with a file's own on top.
///
/// The shipped data are read a family at a time, when a part of it is first asked for.
public struct HardwareCatalog: Sendable {
  /// Families to which a file has added parts.
  private var changed: [Family: PartTable] = [:]

  /// The shipped parts.
  public init() {}

  /// The parts of a family.
  subscript(family: Family) -> PartTable {
    get { changed[family] ?? ShippedData.table(of: family) }
    set { changed[family] = newValue }
  }

  /// The names of a family's parts, in the order of the data.
  public func names(of family: Family) -> [String] { self[family].names }

  /// All that is said of a part, by its name without regard to case; nil where there is none.
  public func record(_ name: String, of family: Family) -> PartRecord? { self[family][name] }

  /// An accelerator by its name without regard to case; nil where there is none.
  public func accelerator(_ name: String) -> Accelerator? { self[.accelerators][name].flatMap(Accelerator.init) }

  /// A host processor by its name without regard to case; nil where there is none.
  public func cpu(_ name: String) -> CPU? { self[.cpus][name].flatMap(CPU.init) }

  /// A network adapter by its name without regard to case; nil where there is none.
  public func nic(_ name: String) -> NIC? { self[.nics][name].flatMap(NIC.init) }

  /// A switch of a fabric or of a scale-up domain by its name without regard to case; nil where there is none.
  public func networkSwitch(_ name: String) -> Switch? { self[.switches][name].flatMap(Switch.init) }

  /// A kind of link by its name without regard to case; nil where there is none.
  public func link(_ name: String) -> Link? { self[.links][name].flatMap(Link.init) }

  /// The link that leaves a port of an adapter: its kind of link at the rate of the port.
  public func portLink(of nic: NIC) -> LinkType? {
    link(nic.link).map { link in
      var type = link.linkType
      type.bandwidth = nic.portBandwidth.value
      return type
    }
  }

  /// The link that leaves a port of a switch: its kind of link at the rate of the port.
  public func portLink(of networkSwitch: Switch) -> LinkType? {
    link(networkSwitch.link).map { link in
      var type = link.linkType
      type.bandwidth = networkSwitch.portBandwidth.value
      return type
    }
  }

  /// The names of the shipped systems, in alphabetical order.
  public var systemNames: [String] { ShippedData.systemNames }

  /// The description of a shipped system, by its name without regard to case; nil where there is none.
  public func systemText(named name: String) -> SourceText? { ShippedData.system(name) }

  /// The names of the shipped profiles of communication libraries.
  public static var libraryNames: [String] { ShippedData.libraryNames }

  /// The text of a shipped profile of a communication library.
  public static func libraryText(named name: String) -> SourceText? { ShippedData.library(name) }

  /// The text of the causes of slow collectives that diagnoses know.
  public static var causesText: SourceText? { ShippedData.causes }

  /// The text of the factors that differ between sites of the same hardware, which calibrations fit.
  public static var siteFactorsText: SourceText? { ShippedData.siteFactors }

  /// The names of the measured tables that the binary carries, in alphabetical order.
  public static var measurementNames: [String] { ShippedData.measurementNames }

  /// The text of a measured table that the binary carries.
  public static func measurementText(named name: String) -> SourceText? { ShippedData.measurement(name) }

  /// The names of the shipped topologies, in alphabetical order.
  public var topologyNames: [String] { ShippedData.topologyNames }

  /// The file of a shipped topology, by its name without regard to case; nil where there is none.
  public func topologyText(named name: String) -> SourceText? { ShippedData.topology(name) }
}
