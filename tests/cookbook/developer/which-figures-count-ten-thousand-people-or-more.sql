-- metrics (totalCount)
SELECT count(*) FROM metric WHERE unit = 'personne' AND value_micro >= 10000000000;

-- metrics.nodes (name, nameEn, value, unit, year, asOf, qualifier, qualifierKind)
SELECT name_fr, name_en, value_micro / 1000000.0, unit, year, as_of, qualifier, qualifier_kind
FROM metric
WHERE unit = 'personne' AND value_micro >= 10000000000
ORDER BY value_micro DESC;

-- metrics.nodes (initiative.slug, source.url)
SELECT i.slug, s.url
FROM metric AS m
JOIN initiative AS i ON i.id = m.initiative_id
JOIN source AS s ON s.id = m.source_id
WHERE m.unit = 'personne' AND m.value_micro >= 10000000000
ORDER BY m.value_micro DESC;
