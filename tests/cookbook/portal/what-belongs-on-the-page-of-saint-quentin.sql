-- collectivity (name, population, epci.name, departement.name, region.name)
SELECT c.name, c.population, e.name, d.name, r.name
FROM collectivity AS c
LEFT JOIN collectivity AS e ON e.id = c.epci_id
LEFT JOIN collectivity AS d ON d.id = c.departement_id
LEFT JOIN collectivity AS r ON r.id = c.region_id
WHERE c.kind = 'COMMUNE' AND c.code = '02691';

-- collectivity (postalCodes)
SELECT postal_codes FROM collectivity WHERE kind = 'COMMUNE' AND code = '02691';

-- collectivity.awards (totalCount)
SELECT count(*)
FROM laureate AS l
JOIN collectivity AS c ON c.id = l.collectivity_id
WHERE c.kind = 'COMMUNE' AND c.code = '02691';

-- collectivity.awards.nodes (year, level, initiative.title)
SELECT a.year, a.level, i.title
FROM laureate AS l
JOIN collectivity AS c ON c.id = l.collectivity_id
JOIN award AS a ON a.id = l.award_id
LEFT JOIN initiative AS i ON i.id = a.initiative_id
WHERE c.kind = 'COMMUNE' AND c.code = '02691'
ORDER BY a.year DESC, a.level_rank DESC
LIMIT 2;
