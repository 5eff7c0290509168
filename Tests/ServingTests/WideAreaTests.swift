import Diagnostics
import Foundation
import Quantities
import TestSupport
import Testing

@testable import Serving

@Suite struct WideAreaTests {
  private let network: WideArea

  init() throws { network = try #require(WideArea.shipped) }

  @Test("The shipped places, routes, tables and fit are read without a mistake")
  func data() throws {
    var list = DiagnosticList()
    let gazetteer = Gazetteer(&list)
    let fit = try #require(RoundTripFit(&list))
    let tables = RoundTripTable.reading(&list)
    _ = WideArea(gazetteer: gazetteer, tables: tables, fit: fit, &list)
    #expect(list.diagnostics.isEmpty, "\(list.diagnostics.map(\.message))")
    #expect(tables.map(\.provider) == ["aws", "azure"])
    for table in tables {
      for region in table.regions { #expect((try? gazetteer.place("\(table.provider):\(region)")) != nil, "\(region)") }
    }
    #expect(Set(fit.cityTerms.keys).isSubset(of: gazetteer.cities.keys))
  }

  @Test("Great circles agree with Vincenty's formula, also for neighbours and antipodes")
  func greatCircle() throws {
    let newYork = try #require(GlobePoint(latitude: 40.7128, longitude: -74.006))
    let london = try #require(GlobePoint(latitude: 51.5074, longitude: -0.1278))
    #expect(abs(newYork.distance(to: london).kilometres - 5570.2298736565) < 1e-8)
    let near = try #require(GlobePoint(latitude: 40.7128, longitude: -74.005999))
    #expect(abs(newYork.distance(to: near).metres - 0.0842842) < 1e-6)
    let pole = try #require(GlobePoint(latitude: 90, longitude: 0))
    let other = try #require(GlobePoint(latitude: -90, longitude: 55))
    #expect(abs(pole.distance(to: other).metres - .pi * GlobePoint.earthRadius.metres) < 1e-6)
    #expect(GlobePoint(latitude: 91, longitude: 0) == nil && GlobePoint(latitude: .nan, longitude: 0) == nil)
  }

  @Test("A way along a great circle has the length of its part of the circle, and a move its own length")
  func alongGreatCircles() throws {
    let paris = try #require(GlobePoint(latitude: 48.9, longitude: 2.4))
    let tokyo = try #require(GlobePoint(latitude: 35.7, longitude: 139.7))
    let way = paris.way(to: tokyo, steps: 10)
    let whole = paris.distance(to: tokyo).metres
    #expect(way.count == 11 && way[5].latitude > 60)
    for (step, place) in way.enumerated() {
      #expect(abs(paris.distance(to: place).metres - whole * Double(step) / 10) < 1e-3)
    }
    for step in 0..<12 {
      let place = paris.moved(by: Distance(metres: 3e6), bearing: Double(step) / 6 * .pi)
      #expect(abs(paris.distance(to: place).metres - 3e6) < 1e-3)
    }
    let quarter = GlobePoint.earthRadius.metres * .pi / 2
    let pole = paris.moved(by: Distance(metres: quarter * (90 - 48.9) / 90), bearing: 0)
    #expect(abs(pole.latitude - 90) < 1e-6)
  }

  @Test(
    "Every place of an isochrone is reached in its time, and the next kilometres no more", arguments: [25.0, 100.0])
  func isochrones(_ milliseconds: Double) throws {
    let tokyo = try network.gazetteer.place("Tokyo")
    let time = Seconds(milliseconds / 1000)
    let isochrone = try #require(network.isochrone(around: tokyo, roundTrip: time))
    #expect(isochrone.line.first == isochrone.line.last && isochrone.line.count > 36)
    func trip(_ point: GlobePoint) -> Seconds {
      network.roundTrip(from: tokyo, to: Place(name: "", point: point), ignoringTables: true).typical
    }
    for (step, place) in isochrone.line.dropLast().enumerated() {
      let bearing = 2 * Double.pi * Double(step) / Double(isochrone.line.count - 1)
      let beyond = Distance(metres: tokyo.point.distance(to: place).metres + 1000)
      #expect(trip(place) <= time)
      #expect(trip(tokyo.point.moved(by: beyond, bearing: bearing)) > time)
    }
    #expect(network.isochrone(around: tokyo, roundTrip: .zero) == nil)
  }

  @Test("Places are found by code, display name and city, without regard to case, accents, spaces and hyphens")
  func names() throws {
    for (text, expected) in [
      ("aws:us-east-1", "aws:us-east-1"), ("azure:Japan East", "azure:japaneast"),
      ("AZURE:japan-east", "azure:japaneast"),
      ("ibm:Sao Paulo", "ibm:br-sao"), ("gcp:são paulo", "gcp:southamerica-east1"), ("TOKYO", "Tokyo"),
      ("oci:Ashburn", "oci:us-ashburn-1"), ("saopaulo", "São Paulo"), ("us-west-2", "aws:us-west-2"),
    ] { #expect(try network.gazetteer.place(text).name == expected) }
    #expect(try network.gazetteer.place(" -33.9, 151.2").point.latitude == -33.9)
    #expect(throws: PlaceError.unknown("tokio", near: ["Tokyo"])) { try network.gazetteer.place("tokio") }
    #expect(throws: PlaceError.unknownProvider("azur", known: network.gazetteer.providers)) {
      try network.gazetteer.place("azur:japaneast")
    }
    #expect(throws: PlaceError.unknownRegion("us-east-7", provider: "aws", near: ["aws:us-east-1", "aws:us-east-2"])) {
      try network.gazetteer.place("aws:us-east-7")
    }
    #expect(throws: PlaceError.coordinates("91,0")) { try network.gazetteer.place("91,0") }
  }

  @Test("A pair of a table is answered by the table, unless the fit is asked for")
  func measured() throws {
    let (from, to) = (try network.gazetteer.place("azure:japaneast"), try network.gazetteer.place("azure:westeurope"))
    let table = network.roundTrip(from: from, to: to)
    #expect(table.basis == .measured && table.typical == Seconds(0.242))
    let fitted = network.roundTrip(from: from, to: to, ignoringTables: true)
    #expect(fitted.basis == .fitted && fitted.interval.contains(fitted.typical) && fitted.typical != table.typical)
  }

  @Test("A provider without a table has a wider band, and no way is shorter than light allows")
  func pooled() throws {
    let names = ["tokyo", "london", "newyork", "sydney", "nairobi", "lima", "marseille", "toulouse"]
    let places = names.compactMap { try? network.gazetteer.place($0) }
    #expect(places.count == 7)
    for from in places {
      for to in places {
        let answer = network.roundTrip(from: from, to: to)
        #expect(answer.typical >= answer.distance.fibreDelay(stretch: 2, refraction: 1))
        #expect(answer.typical == network.roundTrip(from: to, to: from).typical)
      }
    }
    let azure = network.roundTrip(
      from: try network.gazetteer.place("azure:japaneast"), to: try network.gazetteer.place("azure:westeurope"),
      ignoringTables: true)
    let ibm = network.roundTrip(
      from: try network.gazetteer.place("ibm:tokyo"), to: try network.gazetteer.place("ibm:frankfurt"))
    func width(_ trip: RoundTrip) -> Double { (trip.interval.upperBound - trip.interval.lowerBound) / trip.typical }
    #expect(width(ibm) > width(azure))
  }

  @Test("Fitting the tables anew gives the committed figures")
  func refit() {
    let pairs = RoundTripFit.pairs(in: network)
    #expect(pairs.count == 1707)
    let anew = network.fit.fitted(on: pairs)
    for (provider, coefficients) in anew.providers {
      let committed = network.fit.providers[provider]
      #expect(abs(coefficients.fixed.value - (committed?.fixed.value ?? 0)) < 1e-5)
      #expect(abs(coefficients.stretch - (committed?.stretch ?? 0)) < 1e-4)
    }
    for (city, term) in anew.cityTerms { #expect(abs(term - (network.fit.cityTerms[city] ?? 9)) < 1e-3, "\(city)") }
    let fixed = anew.providers.values.reduce(1) { $0 * $1.fixed.value }
    #expect(abs(fixed.squareRoot() - network.fit.pooled.fixed.value) < 1e-5)
  }

  @Test("Pairs left out are met within 11 % at the median, and the band holds nine in ten")
  func leftOut() {
    let pairs = RoundTripFit.pairs(in: network)
    var generator = SeededGenerator(seed: 1)
    let order = pairs.shuffled(using: &generator)
    var errors: [Double] = []
    var held: [String: [Double]] = [:]
    let folds = 6
    for fold in 0..<folds {
      let kept = order.indices.filter { $0 % folds != fold }.map { order[$0] }
      let fit = network.fit.fitted(on: kept)
      for index in stride(from: fold, to: order.count, by: folds) {
        let (typical, interval) = fit.answer(order[index])
        errors.append(abs(typical / order[index].roundTrip - 1))
        held[order[index].provider, default: []].append(interval.contains(order[index].roundTrip) ? 1 : 0)
      }
    }
    let median = errors.sorted()[errors.count / 2]
    print("wide area, pairs left out: median error \(median)")
    #expect(median <= 0.11)
    for (provider, hits) in held {
      let share = hits.reduce(0, +) / Double(hits.count)
      print("wide area, \(provider): \(share) of the pairs left out lie in the band")
      #expect((0.85...0.95).contains(share), "\(provider): \(share)")
    }
  }

  @Test("Cities left out with all their pairs are met within 15 % at the median")
  func leftOutCities() {
    let pairs = RoundTripFit.pairs(in: network)
    let cities = Set(pairs.flatMap(\.cities)).sorted()
    var errors: [Double] = []
    for city in cities.enumerated().filter({ $0.offset % 4 == 0 }).map(\.element) {
      let fit = network.fit.fitted(on: pairs.filter { !$0.cities.contains(city) })
      guard let entry = network.gazetteer.cities[city] else { continue }
      let place = Place(name: city, city: city, country: entry.country, point: entry.point)
      let term = fit.term(of: place, cities: network.gazetteer.cities)
      for pair in pairs where pair.cities.contains(city) {
        errors.append(abs(fit.answer(pair) { _ in term }.typical / pair.roundTrip - 1))
      }
    }
    let median = errors.sorted()[errors.count / 2]
    print("wide area, cities left out: median error \(median)")
    #expect(median <= 0.15)
  }
}
