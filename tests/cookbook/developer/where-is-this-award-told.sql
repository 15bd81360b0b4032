-- awards.nodes (year, level, categoryAsPrinted, edition.prize.name)
SELECT a.year, a.level, a.category_as_printed, p.name
FROM award AS a
JOIN edition AS e ON e.id = a.edition_id
JOIN prize AS p ON p.id = e.prize_id
JOIN initiative AS i ON i.id = a.initiative_id
WHERE i.slug = 'mayenne-un-medecin-traitant-pour-tous';

-- awards.nodes.source (url, title, publisher, licence, retrievedOn)
SELECT s.url, s.title, s.publisher, s.licence_name, s.retrieved_on
FROM award AS a
JOIN source AS s ON s.id = a.source_id
JOIN initiative AS i ON i.id = a.initiative_id
WHERE i.slug = 'mayenne-un-medecin-traitant-pour-tous';
